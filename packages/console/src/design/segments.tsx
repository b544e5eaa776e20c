interface Segment<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One of a few, side by side. */
export function Segments<Value extends string>(props: {
  label: string;
  value: Value;
  choices: readonly Segment<Value>[];
  choose: (value: Value) => void;
}) {
  const { label, value, choices, choose } = props;
  return (
    <fieldset className="seg" aria-label={label}>
      {choices.map((choice) => (
        <button key={choice.value} type="button" aria-pressed={choice.value === value} onClick={() => choose(choice.value)}>
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}
