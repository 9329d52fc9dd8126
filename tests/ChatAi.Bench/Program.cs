using System.CommandLine;
using ChatAi.Bench.AiLoad;
using ChatAi.Bench.Capacity;
using ChatAi.Bench.Delivery;
using ChatAi.Bench.Evaluation;
using ChatAi.Bench.Inference;
using ChatAi.Bench.LongChat;
using ChatAi.Bench.Nodes;
using ChatAi.Bench.Overload;
using ChatAi.Bench.Relay;
using ChatAi.Bench.Replay;

var root = new RootCommand("Measures ChatAi from outside: real processes, real sockets.")
{
    AiLoadCommand.Create(),
    CapacityCommand.Create(),
    DeliveryCommand.Create(),
    EngineCommand.Create(),
    EvalAssistantCommand.Create(),
    EvalChecksCommand.Create(),
    EvalCitationsCommand.Create(),
    EvalGroupingCommand.Create(),
    FitGroupingCommand.Create(),
    LongChatCommand.Create(),
    NodesCommand.Create(),
    OverloadCommand.Create(),
    RelayCommand.Create(),
    ReplayCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
