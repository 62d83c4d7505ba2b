import type { Browser } from 'playwright-core';
import { budgetLine, type WebBudget } from '../../test/support/web-budgets.ts';
import { type Figure, given, median } from '../measure.ts';

/** What the parts of the benchmark share. */
export interface FaceRun {
  readonly browser: Browser;
  readonly url: string;
  readonly rounds: number;
  /** Prints a figure beside its limit and keeps it. @param value what is held to the limit, else the median */
  hold(budget: WebBudget, of: string, values: readonly number[], value?: number): void;
  /** Prints a figure without a limit and keeps it. */
  note(name: string, unit: string, values: readonly number[]): void;
}

/** Figures of a run, kept in `figures`. */
export function keepingIn(figures: Figure[]): Pick<FaceRun, 'hold' | 'note'> {
  return {
    hold(budget, of, values, value = median(values)) {
      console.log(budgetLine(budget, value, of));
      const name = `${budget.what}: ${of} (limit ${budget.limit})`;
      const rounds = values.map((one) => Number(one.toPrecision(4)));
      figures.push({ name, unit: budget.unit, median: Number(value.toPrecision(4)), rounds });
    },
    note(name, unit, values) {
      figures.push(given(`      ${name}`, unit, values));
    },
  };
}
