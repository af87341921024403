/** A value that an earlier step of a probe extracted: `{{token}}`. Not `${...}`, which stands for the environment in the whole catalogue. */
export const VARIABLE_PATTERN = /\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}/g;
