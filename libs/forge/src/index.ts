export {
  FORGE_KINDS,
  type ForgeCommit,
  type ForgeEvent,
  type ForgeKind,
  type ForgeRepository,
  type IgnoredEvent,
  type PullRequestEvent,
  type PushEvent,
} from './forge-event.js';
