#!/usr/bin/env node
// `npx busbar-check …` inside a clone: the conformance kit without the rest of Busbar (see busbar.cjs for why it lies here).
'use strict';
process.argv.splice(2, 0, 'packages/conformance/src/node/main.ts');
require('./run.cjs');
