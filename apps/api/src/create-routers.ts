import Router from '@koa/router';

import type { ApiRouter } from './api-context.js';
import type { ApiParts } from './api-parts.js';
import type { LogAnswers } from './log-stream/log-answers.js';
import { addAppRoutes } from './routes/apps.js';
import { addBuildArchiveRoutes } from './routes/build-archives.js';
import { addBuildLogRoutes } from './routes/build-logs.js';
import { addBuildRoutes } from './routes/builds.js';
import { addConfigRoutes } from './routes/configs.js';
import { addDocsRoutes } from './routes/docs.js';
import { addDoctorRoutes } from './routes/doctor.js';
import { addForgeRoutes } from './routes/forges.js';
import { addGitCredentialRoutes } from './routes/git-credentials.js';
import { addGitHostRoutes } from './routes/git-hosts.js';
import { addHealthRoutes } from './routes/health.js';
import { addHookRoutes } from './routes/hooks.js';
import { addObjectRoutes } from './routes/objects.js';
import { addPruneRoutes } from './routes/prune-builds.js';
import { addRegistriesRoutes } from './routes/registries.js';
import { addRegistryRoutes } from './routes/registry.js';
import { addRegistryProxyRoutes } from './routes/registry-proxy.js';
import { addReleaseRoutes } from './routes/releases.js';
import { addPublicRoutes, addSystemRoutes } from './routes/system.js';
import { addUploadRoutes } from './routes/uploads.js';
import { addUsageRoutes } from './routes/usage.js';
import { addWebhookRoutes } from './routes/webhooks.js';
import { addWorkflowHistoryRoutes } from './routes/workflow-history.js';
import { addWorkflowRoutes } from './routes/workflows.js';

/** The routes for who has shown the password. */
export function createRouter(parts: ApiParts, logAnswers: LogAnswers): ApiRouter {
  const router: ApiRouter = new Router();
  addSystemRoutes(router, parts);
  addDoctorRoutes(router, parts);
  addRegistryRoutes(router, parts);
  addRegistriesRoutes(router, parts);
  addAppRoutes(router, parts);
  addConfigRoutes(router, parts);
  addObjectRoutes(router, parts);
  addUploadRoutes(router, parts);
  // Before the routes of a build: its archive is named after it.
  addBuildArchiveRoutes(router, parts);
  addBuildRoutes(router, parts);
  addPruneRoutes(router, parts);
  addUsageRoutes(router, parts);
  addBuildLogRoutes(router, parts, logAnswers);
  addReleaseRoutes(router, parts);
  addWebhookRoutes(router, parts);
  addWorkflowRoutes(router, parts);
  addWorkflowHistoryRoutes(router, parts);
  addForgeRoutes(router, parts);
  addGitCredentialRoutes(router, parts);
  addGitHostRoutes(router, parts);
  return router;
}

/** The routes that know by themselves who may use them. */
export function createPublicRouter(parts: ApiParts): ApiRouter {
  const router: ApiRouter = new Router();
  addPublicRoutes(router);
  addHealthRoutes(router, parts);
  addDocsRoutes(router);
  addRegistryProxyRoutes(router, parts);
  addHookRoutes(router, parts);
  return router;
}
