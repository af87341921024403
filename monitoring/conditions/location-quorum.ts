import { LABEL, PROBE_METRIC } from '../../thresholds/names.ts';
import { selector } from '../promql/text.ts';

/** How many of the locations that look at a target must agree. */
export interface LocationQuorum {
  /** More than this share of the locations that know the state, 0 to 1: 0.5 for a majority. */
  share: number;
  /** With fewer locations that know the state nothing is said of the target; `tooFewLocations` tells. 1: whoever looks is enough. */
  minLocations: number;
}

/** A majority of at least two. */
export const MAJORITY: LocationQuorum = { share: 0.5, minLocations: 2 };

/** Everything but the location; also of a planned window, which locations may see at slightly different times. */
const WITHOUT = `without (${LABEL.location})`;

/**
 * True (with the number of locations that say so) for a target that is down by a quorum of locations: each by its own confirmed state,
 * so that neither one location's bad line nor one lost packet fires. Keeps all labels but `location`; leaves out targets that
 * any location sees in a planned window.
 */
export function downByQuorum(matchers: readonly string[], { share, minLocations }: LocationQuorum = MAJORITY): string {
  const state = selector(PROBE_METRIC.state, matchers);
  const down = `sum ${WITHOUT} (1 - ${state})`;
  const known = `count ${WITHOUT} (${state})`;
  const planned = `max ${WITHOUT} (${selector(PROBE_METRIC.maintenance, matchers)}) == 1`;
  const enough = minLocations > 1 ? [`and (${known} >= ${minLocations})`] : [];
  return [`(${down} > ${share} * ${known})`, ...enough, `unless (${planned})`].join('\n');
}

/**
 * True (with their number) for a target whose state fewer locations know than a quorum needs: probers are away or cannot judge, and
 * `downByQuorum` is blind. A target that no location knows any more is the affair of an alert on `absent`.
 */
export function tooFewLocations(matchers: readonly string[], { minLocations }: LocationQuorum = MAJORITY): string {
  return `count ${WITHOUT} (${selector(PROBE_METRIC.state, matchers)}) < ${minLocations}`;
}

/** For a recording rule: the share of locations, 0 to 1, to which a target is up. */
export function upShareOverLocations(matchers: readonly string[]): string {
  return `avg ${WITHOUT} (${selector(PROBE_METRIC.state, matchers)})`;
}
