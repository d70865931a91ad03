from rune import Shield
from autogen import ConversableAgent

shield = Shield(api_key="rune_live_xxx")

# Scan inputs before agent conversations
scan = shield.scan(
    user_input, direction="inbound",
    context={"agent_id": "autogen-group"}
)
if not scan.blocked:
    agent.initiate_chat(manager, message=user_input)

# Scan agent outputs before returning to users
final_output = get_conversation_result()
output_scan = shield.scan(
    final_output, direction="outbound",
    context={"agent_id": "autogen-output"}
)
