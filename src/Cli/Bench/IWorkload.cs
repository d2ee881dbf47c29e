namespace RmStack.Cli.Bench;

/// <summary>Something whose speed is measured. Everything it needs was made before; <see cref="Run"/> does nothing but the work.</summary>
internal interface IWorkload : IDisposable
{
    /// <summary>Does the work so many times, to the end.</summary>
    /// <exception cref="BenchFailedException">It did not do what it should.</exception>
    void Run(int items);
}
