import { layOut, type LayoutRequest } from './layout.ts';

// Lays pictures out beside the page, so that the page never stands still for it.

addEventListener('message', ({ data }: MessageEvent<{ readonly ticket: number; readonly request: LayoutRequest }>) => {
  postMessage({ ticket: data.ticket, layout: layOut(data.request) });
});
