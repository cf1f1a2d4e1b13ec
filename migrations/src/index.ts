export { describeSchema, type SchemaDescription } from './describe-schema.js';
export { migrate } from './migrate.js';
