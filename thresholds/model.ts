/**
 * The catalogue as everything else reads it: references resolved, defaults applied, durations in milliseconds, shares 0 to 1. Only
 * `loadCatalogue` makes one.
 */
export type * from './model/alert.ts';
export type * from './model/catalogue.ts';
export type * from './model/condition.ts';
export type * from './model/endpoint.ts';
export type * from './model/maintenance.ts';
export type * from './model/metric.ts';
export type * from './model/probe.ts';
export type * from './model/routing.ts';
export type * from './model/service.ts';
