// Takes the cluster away that up.mjs has started.

import { stopNode } from './node.mjs';

await stopNode();
