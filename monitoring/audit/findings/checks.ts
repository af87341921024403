import { alwaysFires } from './always-fires.ts';
import { bornWithError } from './born-with-error.ts';
import { cannotFire } from './cannot-fire.ts';
import { contradictorySeverities } from './contradictory-severities.ts';
import { duplicateIdentity } from './duplicate-identity.ts';
import type { Check } from './finding.ts';
import { gaugeFunctionOnCounter } from './gauge-function-on-counter.ts';
import { idleUnless } from './idle-unless.ts';
import { instantRate } from './instant-rate.ts';
import { lifetimeCount } from './lifetime-count.ts';
import { lifetimeQuantile } from './lifetime-quantile.ts';
import { lifetimeRatio } from './lifetime-ratio.ts';
import { lostLabel } from './lost-label.ts';
import { missingAbsentTwin } from './missing-absent-twin.ts';
import { noComparison } from './no-comparison.ts';
import { perSecondAsShare } from './per-second-as-share.ts';
import { percentAgainstRatio } from './percent-against-ratio.ts';
import { quantilePerSeries } from './quantile-per-series.ts';
import { rateOnGauge } from './rate-on-gauge.ts';
import { sameNameElsewhere } from './same-name-elsewhere.ts';
import { shortFor } from './short-for.ts';
import { shortWindow } from './short-window.ts';
import { valueInLabels } from './value-in-labels.ts';

/** Every check by the id of its findings; a further one is a file and a line here. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'cannot-fire': cannotFire,
  'always-fires': alwaysFires,
  'lifetime-quantile': lifetimeQuantile,
  'lifetime-ratio': lifetimeRatio,
  'rate-on-gauge': rateOnGauge,
  'gauge-function-on-counter': gaugeFunctionOnCounter,
  'per-second-as-share': perSecondAsShare,
  'percent-against-ratio': percentAgainstRatio,
  'short-window': shortWindow,
  'short-for': shortFor,
  'lost-label': lostLabel,
  'born-with-error': bornWithError,
  'value-in-labels': valueInLabels,
  'duplicate-identity': duplicateIdentity,
  'contradictory-severities': contradictorySeverities,
  'missing-absent-twin': missingAbsentTwin,
  'quantile-per-series': quantilePerSeries,
  'same-name-elsewhere': sameNameElsewhere,
  'no-comparison': noComparison,
  'idle-unless': idleUnless,
  'lifetime-count': lifetimeCount,
  'instant-rate': instantRate,
};
