from autogen.coding import LocalCommandLineCodeExecutor
from rune import Shield

shield = Shield(api_key="rune_live_xxx")

executor = LocalCommandLineCodeExecutor(
    work_dir="./output",
    # Use sandboxed execution environment
)

# Scan generated code before execution
# Hook into AutoGen's code generation pipeline
coder = ConversableAgent(
    "coder",
    code_execution_config={"executor": executor},
)
# Monitor all generated code blocks via Rune dashboard
