using System.CommandLine;

namespace ChatAi.Bench.Relay;

/// <summary><c>relay</c>: runs the bare relay until it is told to stop.</summary>
public static class RelayCommand
{
    public static Command Create()
    {
        var url = new Option<string>("--url")
        {
            Description = "Address",
            DefaultValueFactory = _ => "http://127.0.0.1:5090",
        };
        var store = new Option<string>("--store")
        {
            Description = "none, sqlite (WAL, synchronous=FULL) or postgres (synchronous_commit=on)",
            DefaultValueFactory = _ => "none",
        };
        store.AcceptOnlyFromAmong("none", "sqlite", "postgres");
        var data = new Option<string>("--data")
        {
            Description = "SQLite file to make, or a PostgreSQL connection string",
        };
        var command = new Command("relay", "The bare relay that ChatAi is measured against.") { url, store, data };
        command.SetAction(
            async (arguments, cancel) =>
            {
                var place = arguments.GetValue(data);
                IRelayStore? rows = arguments.GetValue(store) switch
                {
                    "sqlite" => new SqliteRelayStore(place ?? "relay.db"),
                    "postgres" => await PostgresRelayStore.OpenAsync(place ?? ""),
                    _ => null,
                };
                await using var relay = await RelayServer.StartAsync(arguments.GetValue(url)!, rows);
                Console.WriteLine($"The relay listens on {relay.Url}");
                await relay.WaitForShutdownAsync(cancel);
                return 0;
            }
        );
        return command;
    }
}
