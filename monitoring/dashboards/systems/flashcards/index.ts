import type { SystemDashboard } from '../system-dashboard.ts';
import { APPLICATION_OVERVIEW } from './application.ts';
import { LLM_SERVICE } from './llm.ts';
import { MLFLOW_INTEGRATION } from './mlflow.ts';
import { OCR_SERVICE } from './ocr.ts';
import { SYSTEM_RESOURCES } from './resources.ts';

/** The dashboards of the flashcards. */
export const FLASHCARDS: readonly SystemDashboard[] = [
  APPLICATION_OVERVIEW,
  OCR_SERVICE,
  LLM_SERVICE,
  SYSTEM_RESOURCES,
  MLFLOW_INTEGRATION,
];
