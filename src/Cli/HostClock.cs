namespace RmStack.Cli;

/// <summary>The clock of the host, where a person waits or wants to know how long something took: never part of a model.</summary>
internal static class HostClock
{
#pragma warning disable RS0030 // The one place where the system clock enters.
    /// <summary>The system's clock.</summary>
    public static TimeProvider System { get; } = TimeProvider.System;
#pragma warning restore RS0030
}
