namespace RmStack.Cli;

/// <summary>Guests that are part of the program.</summary>
public static class BuiltInGuests
{
    /// <summary>The guest that runs unless another is asked for: says hello, asks the hypervisor who it is, powers off.</summary>
    public static byte[] Hello()
    {
        using var resource = typeof(BuiltInGuests).Assembly.GetManifestResourceStream("RmStack.Cli.hello.bin")
            ?? throw new InvalidOperationException("The built-in guest is missing from the program.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
