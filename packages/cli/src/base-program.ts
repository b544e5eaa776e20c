import { VERSION } from '@busbar/runtime';
import { Command } from 'commander';

export const baseProgram = (): Command =>
  new Command('busbar')
    .description('Both ends of OCPP 2.0.1 and 2.1: a CSMS, charging stations, and what it takes to trust them.')
    .version(VERSION)
    .exitOverride();
