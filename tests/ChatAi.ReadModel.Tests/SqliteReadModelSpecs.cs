namespace ChatAi.ReadModel.Tests;

public sealed class SqliteReadModelSpecs : ReadModelSpec
{
    protected override Task<ReadDatabase?> CreateAsync() => Task.FromResult<ReadDatabase?>(ReadDatabase.Sqlite());
}
