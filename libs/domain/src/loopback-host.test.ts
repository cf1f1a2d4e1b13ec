import test from 'ava';

import { isLoopbackHost } from './loopback-host.js';

test('isLoopbackHost() knows this machine by its addresses and by one name', (t) => {
  for (const host of ['localhost', 'localhost:5000', '127.0.0.1:80', '127.1.2.3', '[::1]:5000'])
    t.true(isLoopbackHost(host));
  for (const host of ['localhost.example.com', '127.0.0.1.example.com', '128.0.0.1', 'docker.io', '']) {
    t.false(isLoopbackHost(host), host);
  }
});
