import test from 'ava';

import { BUILD_STATES, isAllowedTransition, isFinalState, wireStatusFromState } from './build-state.js';

test('isAllowedTransition() lets nothing leave a final state, and everything else end', (t) => {
  t.deepEqual(BUILD_STATES.filter(isFinalState), ['complete', 'failed', 'cancelled']);
  for (const from of BUILD_STATES) {
    if (isFinalState(from))
      t.deepEqual(
        BUILD_STATES.filter((to) => isAllowedTransition(from, to)),
        [],
      );
    else for (const to of ['failed', 'cancelled'] as const) t.true(isAllowedTransition(from, to), `${from} → ${to}`);
  }
  t.true(isAllowedTransition('running', 'queued'));
  t.false(isAllowedTransition('queued', 'complete'));
});

test('wireStatusFromState() never shows older clients a running build as created', (t) => {
  t.is(wireStatusFromState('queued', 0), 'created');
  t.is(wireStatusFromState('queued', 1), 'running');
  t.is(wireStatusFromState('cancelled', 1), 'failed');
  t.is(wireStatusFromState('complete', 1), 'complete');
});
