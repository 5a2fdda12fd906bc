#include "core/model/families/roberta.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/model/encoder.h"

namespace heed {
namespace {

// Both tables have a row for it, that of positions at least one more.
int read_pad(const ModelConfig& config, const EncoderSpec& spec) {
    const int most = std::min(spec.vocabulary - 1, spec.position_rows - 2);
    const auto pad = static_cast<int>(config.reader().get_int("pad_token_id", 1, 0, 1 << 24));
    if (pad <= most) return pad;
    config.reader().fail("pad_token_id",
                         "at most " + std::to_string(most) + ", for " +
                             std::to_string(spec.vocabulary) + " words and " +
                             std::to_string(spec.position_rows) + " positions",
                         config.reader().json().find("pad_token_id"));
}

std::unique_ptr<Network> open(const ModelConfig& config, WeightSource& weights,
                              const std::string& name, int vocabulary) {
    EncoderDefaults defaults;
    defaults.vocabulary = vocabulary;
    EncoderSpec spec = read_encoder(config, defaults);
    spec.prefix = "roberta.";
    spec.pad = read_pad(config, spec);
    EncoderHeadSpec& head = spec.head;
    head.classes = {{name + "Model", EncoderTask::kNone, true},
                    {name + "ForMaskedLM", EncoderTask::kWords},
                    {name + "ForCausalLM", EncoderTask::kWords},
                    {name + "ForSequenceClassification", EncoderTask::kSequence},
                    {name + "ForTokenClassification", EncoderTask::kToken},
                    {name + "ForQuestionAnswering", EncoderTask::kSpan}};
    head.words_class = name + "ForMaskedLM";
    head.pooler = "pooler.dense";
    head.words.map = "lm_head.decoder";
    head.words.bias = "lm_head.bias";
    head.words_dense = "lm_head.dense";
    head.words_norm = "lm_head.layer_norm";
    head.words_activation = Activation::kGeluErf;
    head.sequence_dense = "classifier.dense";
    head.sequence = "classifier.out_proj";
    return make_encoder(std::move(spec), config, weights);
}

}  // namespace

std::unique_ptr<Network> open_roberta(const ModelConfig& config, WeightSource& weights) {
    return open(config, weights, "Roberta", 50265);
}

std::unique_ptr<Network> open_xlm_roberta(const ModelConfig& config, WeightSource& weights) {
    return open(config, weights, "XLMRoberta", 30522);
}

std::unique_ptr<Network> open_camembert(const ModelConfig& config, WeightSource& weights) {
    return open(config, weights, "Camembert", 30522);
}

}  // namespace heed
