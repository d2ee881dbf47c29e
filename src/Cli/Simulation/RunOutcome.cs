namespace RmStack.Cli.Simulation;

/// <summary>Why a run was ended from outside, if it was.</summary>
public enum StopCause
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The guest used up its instructions.</summary>
    Budget,

    /// <summary>Nothing in the machine could run any more.</summary>
    Idle,

    /// <summary>The host went round without the guest getting on.</summary>
    NoProgress,
}

/// <summary>How a run of the whole system ended.</summary>
/// <param name="Finished">False when the primary VM's software never came to its end.</param>
/// <param name="Cause">Why the guest was stopped from outside.</param>
/// <param name="Problem">What kept the system from working; empty when nothing did.</param>
public readonly record struct RunOutcome(bool Finished, StopCause Cause, string Problem);
