import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { BroadsheetError, ErrorCode } from '../../errors.ts';
import { refusalOf, STATUS } from '../refusal.ts';
import { type MessageLanguage, RULES, type Wording } from './error-words.ts';

/** An error as OCP's envelope holds it. */
export interface Failure {
  readonly status: ContentfulStatusCode;
  readonly error: { readonly code: number; readonly message: string; readonly [fact: string]: unknown };
  readonly headers: Readonly<Record<string, string>>;
}

/** Errors without a rule, by their kind: OCP's number, and what is said in Chinese before the text of the error. */
const KINDS: Readonly<Record<ErrorCode, { readonly code: number; readonly zh: string }>> = {
  bad_request: { code: 10_001, zh: '请求参数无效' },
  unauthenticated: { code: 30_000, zh: '当前用户未登录或登录异常，请登录后重试' },
  forbidden: { code: 30_014, zh: '您没有执行该操作的权限，请联系管理员' },
  not_found: { code: 10_002, zh: '记录不存在' },
  method_not_allowed: { code: 0, zh: '不支持该请求方法' },
  not_acceptable: { code: 0, zh: '无法提供所请求的格式' },
  conflict: { code: 0, zh: '与现有数据冲突' },
  blocked: { code: 0, zh: '存在关联对象，无法操作' },
  unprocessable: { code: 0, zh: '无法处理该请求' },
  too_large: { code: 0, zh: '请求内容过大' },
  rate_limited: { code: 0, zh: '请求过于频繁，请稍后重试' },
  unavailable: { code: 10_010, zh: '服务暂时不可用，请稍后重试' },
  timeout: { code: 10_010, zh: '请求超时' },
  canceled: { code: 10_010, zh: '请求已取消' },
};

const FORBIDDEN = 'You are not authorized to perform the corresponding operation. Contact the administrator.';
/** Facts of an error's detail that clients may read beside the text. */
const SHOWN = ['taskInstanceId', 'reportStatus', 'subErrors'];

/** The one place where the family turns errors into answers. What is no refusal is a defect, and says nothing of itself. */
export function failureOf(thrown: unknown, language: MessageLanguage): Failure {
  const refusal = refusalOf(thrown);
  if (refusal === undefined) {
    const message = language === 'zh-CN' ? '未处理的异常' : 'Unhandled exception, type=InternalError';
    return { status: 500, error: { code: 10_010, message }, headers: {} };
  }
  const detail = refusal.detail ?? {};
  const rule = RULES[String(detail.rule)];
  const shown = Object.fromEntries(SHOWN.filter((name) => detail[name] != null).map((name) => [name, detail[name]]));
  return {
    status: rule?.status ?? STATUS[refusal.code],
    error: { ...shown, ...(rule ? worded(rule, detail, language) : plain(refusal, language)) },
    headers: headersOf(refusal),
  };
}

function worded(rule: Wording, detail: Readonly<Record<string, unknown>>, language: MessageLanguage) {
  const message = rule[language].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(detail[name] ?? ''));
  return { code: rule.code, message };
}

function plain({ code, message }: BroadsheetError, language: MessageLanguage) {
  const kind = KINDS[code];
  const bare = message === 'Forbidden';
  if (language === 'en-US') return { code: kind.code, message: bare ? FORBIDDEN : message };
  return { code: kind.code, message: bare ? `${kind.zh}。` : `${kind.zh}：${message}` };
}

function headersOf({ code, detail }: BroadsheetError): Record<string, string> {
  if (code === 'rate_limited' || detail?.retry_after !== undefined) {
    return { 'Retry-After': String(detail?.retry_after ?? 1) };
  }
  if (code === 'unauthenticated') return { 'WWW-Authenticate': 'Basic realm="Broadsheet", charset="UTF-8"' };
  return {};
}
