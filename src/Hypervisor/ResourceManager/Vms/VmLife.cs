using RmStack.Protocol.Messages;

namespace RmStack.ResourceManager.Vms;

/// <summary>What happens to a VM.</summary>
internal enum VmEvent
{
    /// <summary>VM_CONFIG_IMAGE succeeded; nothing is left to authenticate.</summary>
    Configured,

    /// <summary>VM_CONFIG_IMAGE succeeded; VM_AUTH_IMAGE comes next.</summary>
    ConfiguredForAuthentication,

    /// <summary>VM_AUTH_IMAGE succeeded.</summary>
    Authenticated,

    /// <summary>VM_INIT succeeded.</summary>
    Initialised,

    /// <summary>VM_START succeeded.</summary>
    Started,

    /// <summary>The step that was due failed after it had begun to change something.</summary>
    StepFailed,

    /// <summary>It ended, by itself or by force.</summary>
    Exited,

    /// <summary>VM_RESET was accepted.</summary>
    ResetBegun,

    /// <summary>Everything of it is cleaned up.</summary>
    ResetDone,

    /// <summary>VM_DEALLOCATE.</summary>
    Deallocated,
}

/// <summary>All legal moves of a VM, in one table (RM: vm_mgnt.c, vm_creation.c). Anything else is refused with VM_STATE.</summary>
internal static class VmLife
{
    private static readonly (VmState From, VmEvent On, VmState To)[] s_moves =
    [
        (VmState.Load, VmEvent.Configured, VmState.Init),
        (VmState.Load, VmEvent.ConfiguredForAuthentication, VmState.Auth),
        (VmState.Load, VmEvent.StepFailed, VmState.InitFailed),
        (VmState.Load, VmEvent.Deallocated, VmState.None),
        (VmState.Auth, VmEvent.Authenticated, VmState.Init),
        (VmState.Auth, VmEvent.StepFailed, VmState.InitFailed),
        (VmState.Init, VmEvent.Initialised, VmState.Ready),
        (VmState.Init, VmEvent.StepFailed, VmState.InitFailed),
        (VmState.Ready, VmEvent.Started, VmState.Running),
        (VmState.Ready, VmEvent.StepFailed, VmState.InitFailed),
        (VmState.Ready, VmEvent.ResetBegun, VmState.Resetting),
        (VmState.Running, VmEvent.Exited, VmState.Exited),
        (VmState.Paused, VmEvent.Exited, VmState.Exited),
        (VmState.InitFailed, VmEvent.ResetBegun, VmState.Resetting),
        (VmState.Exited, VmEvent.ResetBegun, VmState.Resetting),
        (VmState.Resetting, VmEvent.ResetDone, VmState.Reset),
        (VmState.Reset, VmEvent.Configured, VmState.Init),
        (VmState.Reset, VmEvent.ConfiguredForAuthentication, VmState.Auth),
        (VmState.Reset, VmEvent.StepFailed, VmState.InitFailed),
        (VmState.Reset, VmEvent.Deallocated, VmState.None),
    ];

    /// <summary>Every legal move.</summary>
    public static IReadOnlyList<(VmState From, VmEvent On, VmState To)> Moves => s_moves;

    /// <summary>Where an event takes a VM. False when it is not legal in that state.</summary>
    public static bool TryMove(VmState from, VmEvent on, out VmState to)
    {
        foreach (var move in s_moves)
        {
            if (move.From != from || move.On != on) continue;
            to = move.To;
            return true;
        }

        to = from;
        return false;
    }
}
