import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { LOG_SPANS, type EntitySearch } from '../../entity-search.ts';

/** How long after the last letter is searched, ms. */
const TYPED_MS = 300;

/** What is chosen of logs. */
export function LogBar({
  search,
  cluster,
  clusters,
  download,
  isWrapped,
  onWrapped,
  isPaused,
  onPaused,
  change,
}: {
  readonly search: EntitySearch;
  readonly cluster: string;
  /** In how many clusters it runs. */
  readonly clusters: number;
  readonly download: string;
  readonly isWrapped: boolean;
  readonly onWrapped: (isWrapped: boolean) => void;
  readonly isPaused: boolean;
  readonly onPaused: (isPaused: boolean) => void;
  readonly change: (parts: Partial<EntitySearch>) => void;
}): ReactNode {
  const isPrevious = search.previous === 'true';
  return (
    <div className="logs-bar">
      <SearchField value={search.q ?? ''} onSearch={(q) => change({ q: q === '' ? undefined : q })} />
      {search.pod !== undefined && (
        <Toggle isOn label={`Only ${search.pod}`} onToggle={() => change({ pod: undefined })} />
      )}
      {clusters > 1 && search.pod === undefined && (
        <fieldset className="segments">
          <legend className="visually-hidden">Clusters</legend>
          <Segment isOn={search.logs !== 'all'} choose={() => change({ logs: undefined })} label={cluster} />
          <Segment isOn={search.logs === 'all'} choose={() => change({ logs: 'all' })} label={`All ${clusters}`} />
        </fieldset>
      )}
      <fieldset className="segments">
        <legend className="visually-hidden">From when on</legend>
        <Segment isOn={search.since === undefined} choose={() => change({ since: undefined })} label="Newest" />
        {LOG_SPANS.map((span) => (
          <Segment key={span} isOn={search.since === span} choose={() => change({ since: span })} label={span} />
        ))}
      </fieldset>
      <Toggle
        isOn={isPrevious}
        label="Before restart"
        onToggle={() => change({ previous: isPrevious ? undefined : 'true' })}
      />
      <Toggle isOn={isWrapped} label="Wrap" onToggle={() => onWrapped(!isWrapped)} />
      <Toggle isOn={isPaused} label="Pause" onToggle={() => onPaused(!isPaused)} />
      <a className="button button-small" href={download} download>
        Download
      </a>
    </div>
  );
}

function Segment({
  isOn,
  choose,
  label,
}: {
  readonly isOn: boolean;
  readonly choose: () => void;
  readonly label: string;
}): ReactNode {
  return (
    <button type="button" className="segment" aria-pressed={isOn} onClick={() => !isOn && choose()}>
      {label}
    </button>
  );
}

function Toggle({
  isOn,
  label,
  onToggle,
}: {
  readonly isOn: boolean;
  readonly label: string;
  readonly onToggle: () => void;
}): ReactNode {
  return (
    <button type="button" className="button button-small logs-toggle" aria-pressed={isOn} onClick={onToggle}>
      {label}
    </button>
  );
}

function SearchField({
  value,
  onSearch,
}: {
  readonly value: string;
  readonly onSearch: (text: string) => void;
}): ReactNode {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => onSearch(typed), TYPED_MS);
    return () => clearTimeout(timer);
    // What is typed is searched, not what the search led to.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  return (
    <input
      type="search"
      className="field"
      placeholder="Text, or /regex/"
      aria-label="Only lines with this text, or that this regular expression between slashes fits"
      spellCheck={false}
      maxLength={500}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
