import { useEffect, useState } from 'react';

/** Ages that decide what is shown are minutes. */
const STEP_MS = 10_000;

/** The present, ms since 1970, in steps of ten seconds. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
