using System.IO.Enumeration;

namespace RmStack.Cli.Bench.Cases;

/// <summary>Every row there is.</summary>
internal static class BenchCatalogue
{
    /// <summary>All rows, in the order of the tables. Rows over sockets are there on Linux only.</summary>
    public static IReadOnlyList<BenchCase> All(bool sockets) =>
        [.. QueueCases.All(sockets), .. RpcCases.All(), .. sockets ? SocketCases.All() : [], .. LatencyCases.All(sockets)];

    /// <summary>
    /// The rows that match one of the filters, and the floors of these. A filter is an id, the beginning of one up to a slash, or a pattern with * and ?.
    /// </summary>
    public static IReadOnlyList<BenchCase> Select(IReadOnlyList<BenchCase> all, IReadOnlyList<string> filters)
    {
        if (filters.Count == 0)
            return all;
        var wanted = all.Where(row => filters.Any(filter => Matches(row.Id, filter))).ToList();
        var ids = wanted.Select(row => row.Id).Concat(wanted.SelectMany(row => row.Floors.Select(floor => floor.Id))).ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(row => ids.Contains(row.Id))];
    }

    /// <summary>Whether a filter names a row.</summary>
    public static bool Matches(string id, string filter) =>
        FileSystemName.MatchesSimpleExpression(filter, id, ignoreCase: true) || id.StartsWith(filter.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase);
}
