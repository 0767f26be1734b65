#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| kyodo_fuzz::second_reader(data));
