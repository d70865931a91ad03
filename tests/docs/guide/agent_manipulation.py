from autogen import ConversableAgent, GroupChat, GroupChatManager
from rune import Shield

shield = Shield(api_key="rune_live_xxx")

# Scan the initial input
scan = shield.scan(
    user_input, direction="inbound",
    context={"agent_id": "autogen-group"}
)
if scan.blocked:
    raise SecurityError("Blocked malicious input")

coder = ConversableAgent("coder", llm_config=llm_config)
reviewer = ConversableAgent("reviewer", llm_config=llm_config)

group_chat = GroupChat(agents=[coder, reviewer], messages=[])
manager = GroupChatManager(groupchat=group_chat)
coder.initiate_chat(manager, message=user_input)
