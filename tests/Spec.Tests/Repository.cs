namespace RmStack.Spec.Tests;

/// <summary>Files of the working tree the tests run in.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    public static string At(params string[] path) => Path.Combine([Root, .. path]);

    private static string Find()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "rm-stack.sln"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("no rm-stack.sln above the tests");
        return at;
    }
}
