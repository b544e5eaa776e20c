#!/usr/bin/env node
// `npx busbar …` inside a clone, also before the first install (npx finds this by the root package's `bin`; without it
// npx would ask the registry for whatever is published there under our name).
'use strict';
process.argv.splice(2, 0, 'packages/cli/src/main.ts');
require('./run.cjs');
