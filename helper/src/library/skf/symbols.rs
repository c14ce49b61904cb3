//! The functions of GM/T 0016 that we use, each of them optional: libraries of the field miss some and add others.
#![allow(unsafe_code)] // foreign functions

use std::ffi::{c_char, c_void};

/// DEVHANDLE, HAPPLICATION, HCONTAINER.
pub type Handle = *mut c_void;
type Text = *const c_char;
type In = *const u8;
type Out = *mut u8;
type Number = *mut u32;
type Opened = *mut Handle;

macro_rules! symbols {
    ($($name:ident = $symbol:literal ($($argument:ty),*);)*) => {
        /// `extern "system"` is C's convention, and stdcall on 32-bit Windows, as the standard wants it.
        pub struct Symbols {
            $(pub $name: Option<unsafe extern "system" fn($($argument),*) -> u32>,)*
            /// Unloaded last.
            _library: libloading::Library,
        }

        impl Symbols {
            /// # Errors
            /// The loader's words.
            pub fn load(path: &std::path::Path) -> Result<Self, libloading::Error> {
                // SAFETY: running a maker's code is what the list of allowed libraries is for, and it happens in a
                // process that has nothing to lose.
                let library = unsafe { libloading::Library::new(path)? };
                Ok(Self {
                    // SAFETY: the standard fixes each signature; one that a maker changed crashes this process only.
                    $($name: unsafe { library.get(concat!($symbol, "\0").as_bytes()) }.ok().map(|found| *found),)*
                    _library: library,
                })
            }
        }
    };
}

symbols! {
    enumerate = "SKF_EnumDev" (u32, Out, Number);
    connect = "SKF_ConnectDev" (Text, Opened);
    disconnect = "SKF_DisConnectDev" (Handle);
    device_info = "SKF_GetDevInfo" (Handle, Out);
    set_label = "SKF_SetLabel" (Handle, Text);
    random = "SKF_GenRandom" (Handle, Out, u32);
    device_auth = "SKF_DevAuth" (Handle, In, u32);
    create_application = "SKF_CreateApplication" (Handle, Text, Text, u32, Text, u32, u32, Opened);
    delete_application = "SKF_DeleteApplication" (Handle, Text);
    open_application = "SKF_OpenApplication" (Handle, Text, Opened);
    close_application = "SKF_CloseApplication" (Handle);
    clear_secure_state = "SKF_ClearSecureState" (Handle);
    pin_info = "SKF_GetPINInfo" (Handle, u32, Number, Number, Number);
    verify_pin = "SKF_VerifyPIN" (Handle, u32, Text, Number);
    change_pin = "SKF_ChangePIN" (Handle, u32, Text, Text, Number);
    unblock_pin = "SKF_UnblockPIN" (Handle, Text, Text, Number);
    create_container = "SKF_CreateContainer" (Handle, Text, Opened);
    open_container = "SKF_OpenContainer" (Handle, Text, Opened);
    close_container = "SKF_CloseContainer" (Handle);
    list_containers = "SKF_EnumContainer" (Handle, Out, Number);
    delete_container = "SKF_DeleteContainer" (Handle, Text);
    generate = "SKF_GenECCKeyPair" (Handle, u32, Out);
    import_pair = "SKF_ImportECCKeyPair" (Handle, In);
    public_key = "SKF_ExportPublicKey" (Handle, u32, Out, Number);
    import_certificate = "SKF_ImportCertificate" (Handle, u32, In, u32);
    export_certificate = "SKF_ExportCertificate" (Handle, u32, Out, Number);
    sign = "SKF_ECCSignData" (Handle, In, u32, Out);
    ecc_decrypt = "SKF_ECCDecrypt" (Handle, In, Out, Number);
    private_key_decrypt = "SKF_PrvKeyDecrypt" (Handle, u32, In, Out, Number);
}
