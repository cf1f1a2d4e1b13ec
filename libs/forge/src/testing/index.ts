export { bitbucketPullRequest, bitbucketPush } from './bitbucket-payloads.js';
export { giteaPullRequest, giteaPush } from './gitea-payloads.js';
export { githubPullRequest, githubPush } from './github-payloads.js';
export { gitlabMergeRequest, gitlabPush } from './gitlab-payloads.js';
export { signWebhook, type TestWebhook } from './sign-webhook.js';
