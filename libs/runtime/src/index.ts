export { createErrorLog } from './create-error-log.js';
export { createLogger, type Logger, type LoggerOptions } from './create-logger.js';
export { type Closer, createShutdown, type Shutdown, type ShutdownOptions } from './create-shutdown.js';
export { EnvironmentError, type EnvironmentIssue } from './environment-error.js';
export { exitWithParent } from './exit-with-parent.js';
export { maskCredentials } from './mask-credentials.js';
export { notifyParent } from './notify-parent.js';
export { type EnvironmentSource, readEnvironment } from './read-environment.js';
export { runProcess } from './run-process.js';
