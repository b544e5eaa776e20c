import type { RequestOf } from '@busbar/protocol';
import type { Evidence } from '../expectation.ts';
import { near } from '../field.ts';
import type { StationTest } from '../station-test.ts';
import type { SutStation } from '../sut-station.ts';

export type ReportData = NonNullable<RequestOf<'NotifyReport'>['reportData']>[number];

export interface Report {
  readonly data: readonly ReportData[];
  /** The entry of the last part. */
  readonly entry: number;
  /** The entry and place of every element of `data`. */
  readonly places: readonly Required<Pick<Evidence, 'entry' | 'path'>>[];
}

/** A base report with all its parts: counted from 0, the last one says so (B07.FR.10, B07.FR.12). */
export async function baseReport(
  t: StationTest,
  station: SutStation,
  step: number,
  reportBase: RequestOf<'GetBaseReport'>['reportBase'],
  requirement: string,
): Promise<Report> {
  const requestId = t.nextRequestId();
  await station.call(step, 'GetBaseReport', { requestId, reportBase }, { status: 'Accepted' }, requirement);
  const data: ReportData[] = [];
  const places: { entry: number; path: string }[] = [];
  for (let seqNo = 0; ; seqNo += 1) {
    const part = await station.take(
      step + 2,
      'NotifyReport',
      { requestId, seqNo, generatedAt: near(t.now, Math.max(t.settings.deviationMs, t.settings.stepMs)) },
      { where: { requestId }, requirements: ['B07.FR.10', 'B07.FR.12'] },
    );
    const { reportData = [] } = part.payload;
    data.push(...reportData);
    places.push(...reportData.map((_, n) => ({ entry: part.entry, path: `reportData.${n}` })));
    if (part.payload.tbc !== true) return { data, entry: part.entry, places };
    if (seqNo > 1000) return t.stop(step + 2, 'the report ends', 'a thousand parts', ['B07.FR.12']);
  }
}

/** Where a part of the n-th element stands. */
export const placeIn = ({ places }: Report, n: number, path: string): Evidence => {
  const { entry = 0, path: element = 'reportData' } = places[Math.max(0, n)] ?? {};
  return { entry, path: `${element}.${path}` };
};

export const nameOfData = ({ component, variable }: ReportData): string =>
  `${component.name}.${variable.name}${variable.instance === undefined ? '' : `[${variable.instance}]`}`;

/** Every name of the list is in the report. */
export function reports(t: StationTest, step: number, { data, entry }: Report, wanted: readonly string[], requirement: string): void {
  const names = new Set(data.map(nameOfData));
  const missing = wanted.filter((name) => !names.has(name));
  t.that(step, `${wanted.length} required variables are reported`, missing.length === 0, missing, [requirement], {
    entry,
    path: 'reportData',
  });
}

/** What must hold for every variable of a report: characteristics, lists, values within them, secrets kept. */
export function wellDescribed(t: StationTest, step: number, report: Report): void {
  const { data } = report;
  // Where a fault would stand: at the first list of the report.
  const list = report.data.findIndex(
    ({ variableCharacteristics: c, variableAttribute }) =>
      c !== undefined && isList(c.dataType) && (variableAttribute[0]?.value ?? '') !== '',
  );
  const bare = data.find(({ variableCharacteristics }) => variableCharacteristics === undefined);
  t.that(
    step,
    'every variable has its characteristics',
    bare === undefined,
    bare && nameOfData(bare),
    ['B07.FR.04'],
    placeIn(report, list, 'variableCharacteristics'),
  );
  const unlisted = data.find(({ variableCharacteristics: c }) => c !== undefined && isList(c.dataType) && (c.valuesList ?? '') === '');
  t.that(
    step,
    'lists say what may stand in them',
    unlisted === undefined,
    unlisted && nameOfData(unlisted),
    ['B07.FR.04'],
    placeIn(report, list, 'variableCharacteristics.valuesList'),
  );
  const strange = data.find((one) => !valuesFit(one));
  t.that(
    step,
    'values of lists are among those that may stand in them',
    strange === undefined,
    strange && nameOfData(strange),
    ['B07.FR.04'],
    placeIn(report, list, 'variableAttribute.0.value'),
  );
  const told = data.find(({ variableAttribute }) =>
    variableAttribute.some(({ mutability, value }) => mutability === 'WriteOnly' && value !== undefined),
  );
  t.that(
    step,
    'what may only be written is not told',
    told === undefined,
    told && nameOfData(told),
    ['B06.FR.09'],
    placeIn(report, list, 'variableAttribute.0.mutability'),
  );
}

const isList = (dataType: string): boolean => dataType === 'OptionList' || dataType === 'SequenceList' || dataType === 'MemberList';

function valuesFit({ variableCharacteristics, variableAttribute }: ReportData): boolean {
  if (variableCharacteristics === undefined || !isList(variableCharacteristics.dataType)) return true;
  const allowed = new Set((variableCharacteristics.valuesList ?? '').split(',').map((value) => value.trim()));
  return variableAttribute.every(
    ({ value }) => value === undefined || value === '' || value.split(',').every((member) => allowed.has(member.trim())),
  );
}
