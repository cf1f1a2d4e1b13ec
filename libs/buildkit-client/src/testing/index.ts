export {
  type FakeBuildkitd,
  type FakeSolve,
  type SolveScript,
  startFakeBuildkitd,
} from './fake-buildkitd.js';
export { startTestBuildkitd, type TestBuildkitd } from './start-test-buildkitd.js';
