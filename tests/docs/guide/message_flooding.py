# Set reasonable conversation limits
group_chat = GroupChat(
    agents=[agent1, agent2, agent3],
    messages=[],
    max_round=10,  # Limit conversation rounds
)
# Monitor conversation through Rune dashboard
# Alert on unusual message patterns or volume
