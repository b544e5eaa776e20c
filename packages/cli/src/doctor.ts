/** `busbar station doctor`: why can a station not reach its CSMS? */
export { type CommandOutput, type DoctorOptions, doctorCommand } from './doctor/command.ts';
export { readPassword } from './doctor/password.ts';
export { renderDoctor } from './doctor/render.ts';
export type { DoctorReport } from './doctor/report.ts';
export { type DoctorRequest, runDoctor } from './doctor/run.ts';
