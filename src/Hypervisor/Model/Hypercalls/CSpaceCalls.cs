using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>Capability spaces (Gunyah API: cspace_*).</summary>
internal static class CSpaceCalls
{
    public static HypercallEntry[] Entries { get; } =
    [
        new(HypercallNumber.CSpaceDeleteCapFrom, "cspace_delete_cap_from", "cspace:x cap:x _:z", "error", Delete),
        new(HypercallNumber.CSpaceCopyCapFrom, "cspace_copy_cap_from", "src_cspace:x src_cap:x dst_cspace:x rights:w _:z", "error cap", Copy),
        new(HypercallNumber.CSpaceRevokeCapFrom, "cspace_revoke_cap_from", "cspace:x cap:x _:z", "error", RevokeOne),
        new(HypercallNumber.CSpaceConfigure, "cspace_configure", "cspace:x max_caps:w _:z", "error", Configure),
        new(HypercallNumber.CSpaceAttachThread, "cspace_attach_thread", "cspace:x thread:x _:z", "error", AttachThread),
        new(HypercallNumber.CSpaceRevokeCapsFrom, "cspace_revoke_caps_from", "cspace:x master_cap:x _:z", "error", RevokeChildren),
    ];

    private static void Configure(ref HypercallCall call)
    {
        if (call.LookupForSetup(0, ObjectType.CSpace, out CSpace cspace)) call.Return(cspace.Configure(call.Word(1)));
    }

    private static void AttachThread(ref HypercallCall call)
    {
        if (!call.LookupForSetup(1, ObjectType.Thread, out VCpu thread)) return;
        if (call.Lookup(0, ObjectType.CSpace, CapRights.CSpaceAttach, out CSpace cspace)) call.Return(thread.Attach(cspace));
    }

    private static void Delete(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.CSpace, CapRights.CSpaceCapDelete, out CSpace cspace)) return;
        var error = cspace.Find(call.Cap(1), out var capability);
        if (error == GunyahError.CspaceCapRevoked) error = GunyahError.Ok;
        if (call.Check(error)) cspace.Delete(capability!);
    }

    private static void Copy(ref HypercallCall call)
    {
        call.Result(1, CapId.Invalid.Value);
        if (!call.Lookup(0, ObjectType.CSpace, CapRights.CSpaceCapCopy, out CSpace source)) return;
        if (!call.Lookup(2, ObjectType.CSpace, CapRights.CSpaceCapCreate, out CSpace destination)) return;

        // The slot is taken first: a full destination is reported before anything about the source.
        if (!call.Check(destination.Allocate(out var slot))) return;
        var error = source.Find(call.Cap(1), out var original);
        var rights = error == GunyahError.Ok ? original!.Rights & call.Word(3) : 0;
        if (error == GunyahError.Ok && rights == 0) error = GunyahError.CspaceInsufficientRights;
        if (error != GunyahError.Ok)
        {
            destination.GiveBack();
            call.Return(error);
            return;
        }

        slot.Set(original!.Object!, rights, master: false);
        call.Result(1, destination.IdOf(slot).Value);
    }

    private static void RevokeOne(ref HypercallCall call) => call.Return(GunyahError.Unimplemented);

    private static void RevokeChildren(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.CSpace, CapRights.CSpaceCapRevoke, out CSpace cspace)) return;
        if (!call.Check(cspace.Find(call.Cap(1), out var master))) return;
        if (!master!.IsMaster)
        {
            call.Return(GunyahError.CspaceInsufficientRights);
            return;
        }

        foreach (var child in master.Object!.Capabilities.Where(c => c != master).ToList()) child.Revoke();
    }
}
