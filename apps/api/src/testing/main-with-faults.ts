import { runProcess } from '@convox-builds/runtime';
import { readFaultPoint } from '@convox-builds/testing';

import { startApi } from '../start-api.js';
import { addFaultPoints } from './add-fault-points.js';

// An api as in production, but that it fails where the variable FAULT says.
const reach = readFaultPoint();
await runProcess(() => startApi({ adaptParts: (parts) => addFaultPoints(parts, reach) }));
