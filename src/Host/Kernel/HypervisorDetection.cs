using System.Globalization;
using RmStack.Hypervisor.Native;

namespace RmStack.Host;

/// <summary>Which hypervisor a VM runs under, as its kernel finds out (Linux: arch_is_gunyah_guest, gunyah_hypercall_hyp_identify).</summary>
/// <param name="Api">X0 of hypervisor_identify.</param>
/// <param name="Features">X1: a bit for each family of objects.</param>
public readonly record struct HypervisorIdentity(ulong Api, ulong Features)
{
    private const uint VendorHypUid = 0x8600_ff01;
    private const ulong SupportedApi = 1;

    // Register values of UUID c1d58fcd-a453-5fdb-9265-ce36673d5f14 (public build) and of 19bd54bd-0b37-571b-946f-609b54539de6
    // (Qualcomm's), as series v12 to v14 lay them into a UUID.
    private static readonly (uint, uint, uint, uint)[] KnownUids =
    [
        (0xcd8f_d5c1, 0xdb5f_53a4, 0x36ce_6592, 0x145f_3d67),
        (0xbd54_bd19, 0x1b57_370b, 0x9b60_6f94, 0xe69d_5354),
    ];

    /// <summary>Version of the API.</summary>
    public int ApiVersion => (int)(Api & 0x3fff);

    /// <summary>Who built it: 0x51 the public build, 0x48 Qualcomm's.</summary>
    public int Variant => (int)(Api >> 56);

    /// <summary>Asks the hypervisor.</summary>
    /// <param name="context">The VM that asks.</param>
    /// <param name="identity">What it is.</param>
    /// <param name="problem">Why the drivers would not bind (-ENODEV).</param>
    public static bool TryDetect(NativeContext context, out HypervisorIdentity identity, out string problem)
    {
        ArgumentNullException.ThrowIfNull(context);
        identity = default;
        var uid = context.Smccc.SmcccCall(VendorHypUid);
        if (!KnownUids.Contains(((uint)uid.X0, (uint)uid.X1, (uint)uid.X2, (uint)uid.X3)))
        {
            problem = string.Create(
                CultureInfo.InvariantCulture,
                $"not a Gunyah guest: the hypervisor's UID is {(uint)uid.X0:x8} {(uint)uid.X1:x8} {(uint)uid.X2:x8} {(uint)uid.X3:x8}");
            return false;
        }

        var reply = context.Smccc.Identify();
        identity = new HypervisorIdentity(reply.ApiInfo, reply.Flags0);
        problem = identity.ApiVersion == (int)SupportedApi ? "" : $"Gunyah API version {identity.ApiVersion} is not supported";
        return problem.Length == 0;
    }
}
