// A flat door to the speech library: no struct crosses it, so the compiler checks the library's own header here and
// the gateway needs neither that header nor the library to build. Compiled by scripts/engines.sh.
#include <stdlib.h>
#include <string.h>

#include "c-api.h"

// Goes up when a signature below changes; the gateway refuses any other.
int parley_engines_version(void) { return 1; }

// Moonshine: encoder, merged decoder, tokens. NULL when a file is missing or damaged (the library says which on stderr).
void *parley_asr_new(const char *encoder, const char *decoder, const char *tokens, int threads) {
  SherpaOnnxOfflineRecognizerConfig config;
  memset(&config, 0, sizeof config);
  config.feat_config.sample_rate = 16000;
  config.feat_config.feature_dim = 80;
  config.model_config.moonshine.encoder = encoder;
  config.model_config.moonshine.merged_decoder = decoder;
  config.model_config.tokens = tokens;
  config.model_config.num_threads = threads;
  config.model_config.provider = "cpu";
  config.decoding_method = "greedy_search";
  return (void *)SherpaOnnxCreateOfflineRecognizer(&config);
}

void parley_asr_free(void *recognizer) { SherpaOnnxDestroyOfflineRecognizer(recognizer); }

// The text of `count` samples in -1...1, to be given back to parley_text_free; NULL when the library failed.
// May be called from several threads at once.
char *parley_asr_run(void *recognizer, int rate, const float *samples, int count) {
  const SherpaOnnxOfflineStream *stream = SherpaOnnxCreateOfflineStream(recognizer);
  if (!stream) return NULL;
  SherpaOnnxAcceptWaveformOffline(stream, rate, samples, count);
  SherpaOnnxDecodeOfflineStream(recognizer, stream);
  const SherpaOnnxOfflineRecognizerResult *result = SherpaOnnxGetOfflineStreamResult(stream);
  char *text = result && result->text ? strdup(result->text) : NULL;
  if (result) SherpaOnnxDestroyOfflineRecognizerResult(result);
  SherpaOnnxDestroyOfflineStream(stream);
  return text;
}

void parley_text_free(char *text) { free(text); }

// A Piper voice: model (with the metadata that scripts/engines.sh appends) and tokens. NULL as above.
void *parley_tts_new(const char *model, const char *tokens, int threads) {
  SherpaOnnxOfflineTtsConfig config;
  memset(&config, 0, sizeof config);
  config.model.vits.model = model;
  config.model.vits.tokens = tokens;
  config.model.vits.noise_scale = 0.667f;  // noise_scale, noise_w, length_scale: as in the voice's own settings file
  config.model.vits.noise_scale_w = 0.8f;
  config.model.vits.length_scale = 1;
  config.model.num_threads = threads;
  config.model.provider = "cpu";
  config.max_num_sentences = 1;
  return (void *)SherpaOnnxCreateOfflineTts(&config);
}

void parley_tts_free(void *voice) { SherpaOnnxDestroyOfflineTts(voice); }

// Speech of one clause given as the Unicode scalars of its phonemes, to be given back to parley_samples_free.
// Sets *rate and *count; NULL when the library failed.
float *parley_tts_run(void *voice, const int *scalars, int scalar_count, float speed, int *rate, int *count) {
  SherpaOnnxGenerationConfig config;
  memset(&config, 0, sizeof config);
  config.speed = speed;
  config.silence_scale = 1;
  config.phoneme_codepoints = scalars;
  config.phoneme_codepoints_lens = &scalar_count;
  config.phoneme_codepoints_num_sentences = 1;
  const SherpaOnnxGeneratedAudio *audio = SherpaOnnxOfflineTtsGenerateWithConfig(voice, "", &config, NULL, NULL);
  if (!audio) return NULL;
  float *samples = NULL;
  if (audio->sample_rate > 0 && audio->n > 0) {
    size_t size = (size_t)audio->n * sizeof(float);
    samples = malloc(size);
    if (samples) {
      memcpy(samples, audio->samples, size);
      *rate = audio->sample_rate;
      *count = audio->n;
    }
  }
  SherpaOnnxDestroyOfflineTtsGeneratedAudio(audio);
  return samples;
}

void parley_samples_free(float *samples) { free(samples); }
