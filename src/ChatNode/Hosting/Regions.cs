namespace ChatAi.ChatNode.Hosting;

// Keys of Akka.Hosting's actor registry: ask for them as IRequiredActor<…>.

/// <summary>The shard region of chats, or its proxy.</summary>
public sealed class ChatRegion;

/// <summary>The shard region of users, or its proxy.</summary>
public sealed class UserRegion;

/// <summary>The shard region of phone numbers, or its proxy.</summary>
public sealed class PhoneRegion;

/// <summary>The way to the assistant's queue.</summary>
public sealed class AiQueue;
