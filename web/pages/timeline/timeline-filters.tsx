import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { toggleInList } from '../../url/search-codec.ts';
import { chosenKinds, TIMELINE_KINDS, TIMELINE_SPANS, USUAL_SPAN, type TimelineSearch } from './timeline-search.ts';

const spans = Object.keys(TIMELINE_SPANS) as (keyof typeof TIMELINE_SPANS)[];

/** What narrows the timeline, and the moment that it is asked about; everything stands in the URL. */
export function TimelineFilters({ search }: { readonly search: TimelineSearch }): ReactNode {
  const navigate = useNavigate({ from: '/fleet/timeline' });
  const change = (part: TimelineSearch, replace = false): void => {
    const next = (now: TimelineSearch): TimelineSearch => ({ ...now, before: undefined, ...part });
    void navigate({ search: next, replace, resetScroll: false });
  };
  const isPiece = search.from !== undefined || search.at !== undefined;
  return (
    <search className="timeline-filters">
      <MomentField
        key={search.at ?? ''}
        at={search.at}
        choose={(at) => change({ at, from: undefined, to: undefined })}
      />
      <TextFilter
        label="Entity"
        placeholder="component:default/…"
        value={search.entity}
        commit={(entity) => change({ entity }, true)}
      />
      <TextFilter
        label="Cluster"
        placeholder="Any cluster"
        value={search.cluster}
        commit={(cluster) => change({ cluster }, true)}
      />
      <nav className="segments timeline-spans" aria-label="Time">
        {spans.map((span) => (
          <ChoiceLink
            key={span}
            from="/fleet/timeline"
            to="/fleet/timeline"
            search={(now: TimelineSearch) => ({
              ...now,
              span: span === USUAL_SPAN ? undefined : span,
              at: undefined,
              from: undefined,
              to: undefined,
              before: undefined,
            })}
            className="segment"
            isOn={!isPiece && (search.span ?? USUAL_SPAN) === span}
            resetScroll={false}
          >
            {span}
          </ChoiceLink>
        ))}
      </nav>
      <KindChips search={search} />
    </search>
  );
}

function KindChips({ search }: { readonly search: TimelineSearch }): ReactNode {
  const chosen = chosenKinds(search);
  return (
    <ul className="plain chips timeline-kinds" aria-label="Kinds">
      {TIMELINE_KINDS.map(([kind, word]) => (
        <li key={kind}>
          <ChoiceLink
            from="/fleet/timeline"
            to="/fleet/timeline"
            search={(now: TimelineSearch) => ({ ...now, kind: toggleInList(now.kind, kind), before: undefined })}
            className="chip"
            isOn={chosen.includes(kind)}
            resetScroll={false}
          >
            {word}
          </ChoiceLink>
        </li>
      ))}
    </ul>
  );
}

function TextFilter({
  label,
  placeholder,
  value = '',
  commit,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  readonly commit: (text: string | undefined) => void;
}): ReactNode {
  const [text, setText] = useTyped(value, (typed) => commit(typed.trim() === '' ? undefined : typed.trim()));
  return (
    <label className="filter">
      <span className="form-label">{label}</span>
      <input
        type="search"
        className="field mono"
        maxLength={253}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

/** The moment that something went wrong, in the reader's own zone. */
function MomentField({
  at,
  choose,
}: {
  readonly at: string | undefined;
  readonly choose: (at: string | undefined) => void;
}): ReactNode {
  const [text, setText] = useState(at === undefined ? '' : localText(at));
  return (
    <form
      className="timeline-moment"
      onSubmit={(event) => {
        event.preventDefault();
        const moment = Date.parse(text);
        if (!Number.isNaN(moment)) choose(new Date(moment).toISOString());
      }}
    >
      <label className="filter">
        <span className="form-label">What changed at</span>
        <input
          type="datetime-local"
          className="field"
          step={1}
          data-search=""
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="button button-primary" disabled={Number.isNaN(Date.parse(text))}>
        Look
      </button>
      {at !== undefined && (
        <button type="button" className="button" onClick={() => choose(undefined)}>
          Clear
        </button>
      )}
    </form>
  );
}

/** As the field wants it: local, to the second. */
function localText(at: string): string {
  const moment = new Date(at);
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
