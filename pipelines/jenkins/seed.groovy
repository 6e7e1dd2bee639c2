// Job DSL: the jobs of a Jenkins with Kernel Farm. KERNEL_FARM_PIPELINES is the folder that this file lies in, KERNEL_FARM_SPEC the file
// with the spec that people are offered.

pipelineJob('kernel') {
    displayName('Kernel')
    description('Builds a kernel, boots it on two agents at the same time, and promotes it once somebody approves.')
    parameters {
        textParam('SPEC', new File(KERNEL_FARM_SPEC).text, 'What to build, how to package it, and where to boot it: a kernel.yaml.')
        choiceParam('CHANNEL', ['stable', 'rehearsal'], 'Where it may be promoted to. What a fake machine played comes into the rehearsal alone.')
    }
    definition {
        cps {
            script(new File(KERNEL_FARM_PIPELINES, 'Jenkinsfile').text)
            sandbox()
        }
    }
}
