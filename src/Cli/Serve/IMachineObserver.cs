using RmStack.Host;

namespace RmStack.Cli.Serve;

/// <summary>Told what happens in a connection's machine, on the thread that runs it.</summary>
internal interface IMachineObserver
{
    /// <summary>A guest printed a line.</summary>
    void ConsoleLine(ushort vmid, string text);

    /// <summary>A guest ended.</summary>
    void GuestEnded(ushort vmid, VmExitInfo exit);

    /// <summary>A guest touched an address where no device is: told once for each VM.</summary>
    void NoDevice(ushort vmid, ulong address);

    /// <summary>A line of HLOS's kernel log.</summary>
    void Log(string text);
}
