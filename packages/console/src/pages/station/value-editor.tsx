import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useWords } from '../../words/language.ts';
import { configurationWords } from './configuration-words.ts';
import { type Attribute, membersOf, valuesOf } from './device-model.ts';

interface Props {
  readonly attribute: Attribute;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly error: string | undefined;
  readonly disabled: boolean;
}

/** The control that fits what the station said about the variable. */
export function ValueEditor({ attribute, value, change, error, disabled }: Props) {
  const words = useWords(configurationWords);
  const { dataType, unit, minLimit, maxLimit } = attribute.characteristics ?? {};
  const values = valuesOf(attribute);
  const label = words.newValue;
  if (dataType === 'boolean' || (dataType === 'OptionList' && values.length > 0)) {
    const choices = dataType === 'boolean' ? ['true', 'false'] : values;
    const known = choices.includes(value) ? choices : [value, ...choices];
    return (
      <NativeSelect
        label={label}
        data={[...known]}
        value={value}
        disabled={disabled}
        error={error}
        onChange={(event) => change(event.currentTarget.value)}
      />
    );
  }
  if (dataType === 'MemberList' && values.length > 0) {
    const members = membersOf(value);
    return (
      <fieldset className="members">
        <legend>{label}</legend>
        {values.map((member) => (
          <Checkbox
            key={member}
            label={member}
            disabled={disabled}
            checked={members.includes(member)}
            onChange={({ currentTarget: { checked } }) =>
              change(values.filter((one) => (one === member ? checked : members.includes(one))).join(','))
            }
          />
        ))}
        {error !== undefined && <p className="s bad-text">{error}</p>}
      </fieldset>
    );
  }
  const isNumber = dataType === 'integer' || dataType === 'decimal';
  return (
    <TextInput
      label={label}
      description={limitsOf(minLimit, maxLimit, isNumber, unit)}
      inputMode={isNumber ? 'decimal' : 'text'}
      value={value}
      disabled={disabled}
      error={error}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

/** From where to where, with the unit. */
export function limitsOf(min: number | undefined, max: number | undefined, isNumber: boolean, unit: string | undefined): string {
  const end = unit === undefined ? '' : ` ${unit}`;
  if (!isNumber) return max === undefined || max === 0 ? '' : `≤ ${max}`;
  if (min !== undefined && max !== undefined) return `${min} – ${max}${end}`;
  if (min !== undefined) return `≥ ${min}${end}`;
  if (max !== undefined) return `≤ ${max}${end}`;
  return end.trim();
}
