#include <flite/flite.h>

// The voices have no header. Each returns one voice for the process and must be called once, before any synthesis.
cst_voice *register_cmu_us_slt(const char *directory);
cst_voice *register_cmu_us_rms(const char *directory);
cst_voice *register_cmu_us_awb(const char *directory);
cst_voice *register_cmu_us_kal16(const char *directory);

// Streams an utterance's audio as `info` says; the utterance frees it. Here and not in Swift: flite keeps the name's
// address, and a Swift string's is good for one call only.
static inline void parley_stream_utterance(cst_utterance *utterance, cst_audio_streaming_info *info) {
  feat_set(utterance->features, "streaming_info", audio_streaming_info_val(info));
}
