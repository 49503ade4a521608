"""The words of ``explain``, in English and in Chinese. Data only."""

from __future__ import annotations

from typing import Final

HELP: Final = (
    "an error code (1113), a model (glm-5.2, gpt-4o), an operation (chat.completions.create) or a field of any; "
    "nothing lists what there is"
)

NOTHING: Final = {
    "en": "Nothing is known of {what}. Close to it: {close}. Without an argument, explain lists what there is.",
    "zh": "没有关于 {what} 的记录。相近的有：{close}。不带参数运行 explain 可列出全部。",
}

GROUPS: Final = {
    "codes": {"en": "Error codes", "zh": "错误码"},
    "models": {"en": "Models: context in tokens, thinking", "zh": "模型：上下文（token）、思考方式"},
    "operations": {"en": "Operations: number of fields", "zh": "操作：字段数"},
}

FORMS: Final = {
    "en": "explain CODE, explain MODEL, explain OPERATION [FIELD]; --lang zh, --json",
    "zh": "explain 错误码，explain 模型，explain 操作 [字段]；--lang en，--json",
}

LABELS: Final = {
    "code": {"en": "code", "zh": "错误码"},
    "meaning": {"en": "meaning", "zh": "含义"},
    "advice": {"en": "what to do", "zh": "处理办法"},
    "exception": {"en": "exception", "zh": "异常"},
    "openai code": {"en": "OpenAI code", "zh": "OpenAI 错误码"},
    "retried": {"en": "retried", "zh": "是否重试"},
    "operation": {"en": "operation", "zh": "操作"},
    "field": {"en": "field", "zh": "字段"},
    "verdict": {"en": "verdict", "zh": "处理方式"},
    "what": {"en": "Zhipu gets", "zh": "智谱收到"},
    "range": {"en": "range", "zh": "取值范围"},
    "model": {"en": "model", "zh": "模型"},
    "asked as": {"en": "asked as", "zh": "查询名"},
    "kind": {"en": "kind", "zh": "类别"},
    "context": {"en": "context", "zh": "上下文"},
    "max output": {"en": "max output", "zh": "最大输出"},
    "default output": {"en": "default output", "zh": "默认输出"},
    "inputs": {"en": "inputs", "zh": "输入"},
    "outputs": {"en": "outputs", "zh": "输出"},
    "thinking": {"en": "thinking", "zh": "思考"},
    "efforts": {"en": "efforts", "zh": "思考强度"},
    "tools": {"en": "tools", "zh": "工具调用"},
    "json mode": {"en": "JSON mode", "zh": "JSON 模式"},
    "price": {"en": "price", "zh": "价格"},
    "status": {"en": "status", "zh": "状态"},
    "successor": {"en": "successor", "zh": "后继模型"},
    "source": {"en": "source", "zh": "来源"},
}

KINDS: Final = {
    "text": {"en": "chat, text", "zh": "对话，文本"},
    "vision": {"en": "chat, vision", "zh": "对话，视觉"},
    "audio": {"en": "chat, audio", "zh": "对话，语音"},
    "roleplay": {"en": "chat, role-play", "zh": "对话，角色扮演"},
    "code": {"en": "chat, code", "zh": "对话，代码"},
    "agent": {"en": "chat, agent", "zh": "对话，智能体"},
    "embedding": {"en": "embeddings", "zh": "文本向量"},
    "image": {"en": "images", "zh": "图像"},
    "video": {"en": "videos", "zh": "视频"},
    "speech": {"en": "speech", "zh": "语音合成"},
    "transcription": {"en": "transcription", "zh": "语音转写"},
    "ocr": {"en": "text recognition", "zh": "文字识别"},
    "moderation": {"en": "moderation", "zh": "内容审核"},
    "rerank": {"en": "rerank", "zh": "重排序"},
    "search": {"en": "web search", "zh": "联网搜索"},
}

WORDS: Final = {
    "yes": {"en": "yes", "zh": "是"},
    "no": {"en": "no", "zh": "否"},
    "text": {"en": "text", "zh": "文本"},
    "image": {"en": "image", "zh": "图片"},
    "video": {"en": "video", "zh": "视频"},
    "file": {"en": "file", "zh": "文件"},
    "audio": {"en": "audio", "zh": "音频"},
    "vector": {"en": "vector", "zh": "向量"},
    "scores": {"en": "scores", "zh": "分数"},
    "verdict": {"en": "verdict", "zh": "判定"},
    "none": {"en": "none", "zh": "无"},
    "switch": {"en": "can be switched off; no levels", "zh": "可关闭，无强度之分"},
    "effort": {"en": "can be switched off; levels of effort", "zh": "可关闭，可选强度"},
    "always": {"en": "always; low, high or max", "zh": "始终思考，强度为 low、high 或 max"},
    "tagged": {
        "en": "always; between <think> tags in content",
        "zh": "始终思考，写在 content 的 <think> 标签内",
    },
    "listed": {"en": "in GET /models", "zh": "在 GET /models 中列出"},
    "callable": {"en": "answers, not listed", "zh": "可调用，未列出"},
    "documented": {"en": "documented, not seen answering", "zh": "文档中有，未见实际调用"},
    "retired": {"en": "retired", "zh": "已下线"},
    "free": {"en": "free of charge", "zh": "免费"},
    "input": {"en": "input", "zh": "输入"},
    "cached": {"en": "cached", "zh": "缓存命中"},
    "output": {"en": "output", "zh": "输出"},
    "million": {"en": "million tokens", "zh": "百万 token"},
    "search": {"en": "search", "zh": "次搜索"},
    "minute": {"en": "minute", "zh": "分钟"},
    "10,000 characters": {"en": "10,000 characters", "zh": "万字符"},
    "unknown price": {"en": "not known", "zh": "未知"},
}
