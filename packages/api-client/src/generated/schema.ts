/** Made from the server's description of its API by tests/architecture/api-types.test.ts; do not edit. */
import type { WireValue } from '@ensemble/protocol';

export interface paths {
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description, as OpenAPI 3.1 */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description, as a page */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every error code, what it means and who can mend it */
        get: operations["getErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether everything a run needs is there */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in, and what this installation is */
        get: operations["getSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session */
        post: operations["postSignOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/owner-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a one-time link that lets its opener in as the owner of this installation */
        post: operations["postOwnerLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The projects of the person who asks */
        get: operations["getProjects"];
        put?: never;
        /** Create a project */
        post: operations["postProjects"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One project, and the role of the person who asks */
        get: operations["getProjectsByProjectId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people of a project */
        get: operations["getProjectsByProjectIdMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link that lets its opener into the project */
        post: operations["postProjectsByProjectIdInvitations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/join/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a link is for */
        get: operations["getJoinByToken"];
        put?: never;
        /** Use a link; sets the session cookie */
        post: operations["postJoinByToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/pipelines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pipelines of a project */
        get: operations["getProjectsByProjectIdPipelines"];
        put?: never;
        /** Create an empty pipeline */
        post: operations["postProjectsByProjectIdPipelines"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring in a project folder: a pipeline and its card files */
        post: operations["postProjectsByProjectIdImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{pipelineId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One pipeline; its graph is the document pipeline:<id> */
        get: operations["getPipelinesByPipelineId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Rename a pipeline */
        patch: operations["patchPipelinesByPipelineId"];
        trace?: never;
    };
    "/api/cards/{cardId}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The source of a built-in card */
        get: operations["getCardsByCardIdSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cards of a project whose code holds a text */
        get: operations["getProjectsByProjectIdCardsSearch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sources of all card files of a project */
        get: operations["getProjectsByProjectIdCardsSources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/card-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a new card can start from */
        get: operations["getCardTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a card file from a template or as a copy */
        post: operations["postProjectsByProjectIdCards"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/{cardId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Rename or move a card file */
        patch: operations["patchProjectsByProjectIdCardsByCardId"];
        trace?: never;
    };
    "/api/projects/{projectId}/cards/move-folder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rename or move a folder of card files */
        post: operations["postProjectsByProjectIdCardsMoveFolder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/trash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put card files into the trash */
        post: operations["postProjectsByProjectIdCardsTrash"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore card files from the trash */
        post: operations["postProjectsByProjectIdCardsRestore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/{cardId}/uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pipelines and nodes that use a card */
        get: operations["getProjectsByProjectIdCardsByCardIdUses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/{cardId}/move-nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the nodes of a former card type the present one */
        post: operations["postProjectsByProjectIdCardsByCardIdMoveNodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of a project, newest first */
        get: operations["getProjectsByProjectIdFiles"];
        put?: never;
        /** Store a file in the project; the body is its bytes */
        post: operations["postProjectsByProjectIdFiles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/files/{fileId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Hide a file; runs that used it keep it */
        delete: operations["deleteProjectsByProjectIdFilesByFileId"];
        options?: never;
        head?: never;
        /** Give a file another name */
        patch: operations["patchProjectsByProjectIdFilesByFileId"];
        trace?: never;
    };
    "/api/projects/{projectId}/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to send a file in chunks */
        post: operations["postProjectsByProjectIdUploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/uploads/{uploadId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much of a file has come */
        get: operations["getProjectsByProjectIdUploadsByUploadId"];
        /** Send the next chunk; the body is its bytes */
        put: operations["putProjectsByProjectIdUploadsByUploadId"];
        post?: never;
        /** Give up an upload */
        delete: operations["deleteProjectsByProjectIdUploadsByUploadId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/uploads/{uploadId}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look into the file and make it a project file */
        post: operations["postProjectsByProjectIdUploadsByUploadIdFinish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}/tables/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rows of a data frame that a step made */
        get: operations["getRunsByIdStepsByNodeIdTablesByKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}/tables/{key}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Statistics and histograms of the columns of a data frame */
        get: operations["getRunsByIdStepsByNodeIdTablesByKeyColumns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{id}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The columns of the newest outputs of a pipeline */
        get: operations["getPipelinesByIdColumns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/files/{fileId}/table": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rows of the table in a project file */
        get: operations["getProjectsByProjectIdFilesByFileIdTable"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/files/{fileId}/table/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Statistics and histograms of the columns of a project file */
        get: operations["getProjectsByProjectIdFilesByFileIdTableColumns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/folder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The text files of a project as a folder */
        get: operations["getProjectsByProjectIdFolder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/folder/news": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Waits until the folder of a project is in another state */
        get: operations["getProjectsByProjectIdFolderNews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/folder/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring changes of files of the folder into the project; each is applied, merged, refused or in conflict */
        post: operations["postProjectsByProjectIdFolderChanges"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{pipelineId}/script": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pipeline as one Python script that runs without Ensemble */
        get: operations["getPipelinesByPipelineIdScript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an export of the project would hold */
        get: operations["getProjectsByProjectIdExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/export/zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The project as a zip of its folder, which imports again into an equal project */
        get: operations["getProjectsByProjectIdExportZip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The Python environments that the cards of a project need */
        get: operations["getProjectsByProjectIdEnvironments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/environments/{setId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try again to make an environment that failed, with versions chosen anew */
        post: operations["postProjectsByProjectIdEnvironmentsBySetIdRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pipelines to start from */
        get: operations["getTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a pipeline from a template, with its cards and files */
        post: operations["postProjectsByProjectIdTemplatesByName"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/{cardId}/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The latest trials of a card, newest first */
        get: operations["getProjectsByProjectIdCardsByCardIdTrials"];
        put?: never;
        /** Run one card with its present source, on what earlier runs left */
        post: operations["postProjectsByProjectIdCardsByCardIdTrials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/{cardId}/warm-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that one will soon run the card, so that it starts faster */
        post: operations["postProjectsByProjectIdCardsByCardIdWarmUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/cards/{cardId}/trial-setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a trial of a card would run on, and what else there is */
        get: operations["getProjectsByProjectIdCardsByCardIdTrialSetup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}/lineage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the result of a step comes from, and what used it */
        get: operations["getRunsByIdStepsByNodeIdLineage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/artifacts/{sha256}/lineage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The steps of a project that made an artifact, or took it from an earlier run */
        get: operations["getProjectsByProjectIdArtifactsBySha256Lineage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The runs of a pipeline, newest first */
        get: operations["getPipelinesByIdRuns"];
        put?: never;
        /** Start a run of the pipeline as it is now */
        post: operations["postPipelinesByIdRuns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{id}/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a run would execute and what it would take from the cache, and why; starts nothing */
        post: operations["postPipelinesByIdForecast"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pipelines/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What keeps the pipeline from running; starts nothing */
        post: operations["postPipelinesByIdCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One run with its steps */
        get: operations["getRunsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pipeline of a run as it was: its canvas and cards */
        get: operations["getRunsByIdVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/cards/{cardType}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The source that a run had of a card */
        get: operations["getRunsByIdCardsByCardTypeSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run what did not succeed in a run that is over, as a new run of the same version */
        post: operations["postRunsByIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a run */
        post: operations["postRunsByIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel one step */
        post: operations["postRunsByIdStepsByNodeIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One step with its preview */
        get: operations["getRunsByIdStepsByNodeId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}/artifacts/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download an output of a step */
        get: operations["getRunsByIdStepsByNodeIdArtifactsByKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A range of the log of a step */
        get: operations["getRunsByIdStepsByNodeIdLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}/log/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download the log of a step, as much as there is by now */
        get: operations["getRunsByIdStepsByNodeIdLogFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The attempts of a step */
        get: operations["getRunsByIdStepsByNodeIdAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{id}/steps/{nodeId}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The curves that a step measured, thinned to what can be drawn */
        get: operations["getRunsByIdStepsByNodeIdMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where cards can run: the pools of connected runners */
        get: operations["getPools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All runners, what they can give and what they execute */
        get: operations["getRunners"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runners/{runnerId}/cordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a runner nothing new; what it executes goes on */
        post: operations["postRunnersByRunnerIdCordon"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runners/{runnerId}/uncordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a runner work again; also takes back a drain */
        post: operations["postRunnersByRunnerIdUncordon"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runners/{runnerId}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a runner nothing new, and after some minutes try elsewhere what it still executes */
        post: operations["postRunnersByRunnerIdDrain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runners/{runnerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a registered runner’s credentials; what it executes is tried elsewhere */
        delete: operations["deleteRunnersByRunnerId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runner-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Registration tokens that still work */
        get: operations["getRunnerTokens"];
        put?: never;
        /** Make a registration token; it is told this once */
        post: operations["postRunnerTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runner-tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a registration token; runners that came in with it stay */
        delete: operations["deleteRunnerTokensByTokenId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runner-registrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register a runner with a token */
        post: operations["postRunnerRegistrations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runner/artifacts/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of an artifact, all or `Range: bytes=a-b` */
        get: operations["getRunnerArtifactsBySha256"];
        /** Store an artifact; the body is its bytes */
        put: operations["putRunnerArtifactsBySha256"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a project of a zip of a project folder; the body is its bytes. All of it, or nothing */
        post: operations["postImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/import/zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring a zip of a project folder into a project; the body is its bytes. All of it, or nothing */
        post: operations["postProjectsByProjectIdImportZip"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Any JSON value. */
        JsonValue: WireValue;
        Sha256Input: string;
        JoinBodyInput: {
            name?: string;
        };
        NameBodyInput: {
            name: string;
        };
        InviteBodyInput: {
            /** @enum {string} */
            role: "editor" | "viewer";
        };
        ImportBodyInput: {
            name: string;
            pipeline: components["schemas"]["JsonValue"];
            cards: {
                path: string;
                source: string;
            }[];
        };
        RunScopeInput: {
            /** @enum {string} */
            kind: "to" | "from" | "only";
            nodeIds: string[];
        };
        StartRunBodyInput: {
            scope?: components["schemas"]["RunScopeInput"];
            /** @default false */
            force?: boolean;
            /** @default [] */
            overrides?: {
                nodeId: string;
                field: string;
                value: components["schemas"]["JsonValue"];
            }[];
        };
        CreateCardBodyInput: {
            path: string;
            /** @enum {string} */
            template: "data_source" | "transform" | "model" | "evaluation" | "image" | "llm_prompt";
        } | {
            path?: string;
            copyOf: string;
        };
        MoveCardBodyInput: {
            path: string;
        };
        MoveFolderBodyInput: {
            from: string;
            to: string;
        };
        CardIdsBodyInput: {
            cardIds: string[];
        };
        MoveNodesBodyInput: {
            from: string;
        };
        FolderChangeInput: {
            path: string;
            before: string | null;
            after: string | null;
            movedFrom?: string;
        };
        FolderChangesBodyInput: {
            changes: components["schemas"]["FolderChangeInput"][];
        };
        TrialPlaceInput: {
            pipelineId: string;
            nodeId: string;
        };
        TrialInputInput: {
            runId: string;
            nodeId: string;
            key: string;
        };
        StartTrialBodyInput: {
            place?: components["schemas"]["TrialPlaceInput"];
            nodeId?: string;
            /** @default {} */
            inputs?: {
                [key: string]: components["schemas"]["TrialInputInput"];
            };
            config?: {
                [key: string]: components["schemas"]["JsonValue"];
            };
        };
        RenameFileBodyInput: {
            name: string;
        };
        CreateUploadBodyInput: {
            name: string;
            bytes: number;
        };
        FinishUploadBodyInput: {
            sha256?: components["schemas"]["Sha256Input"];
        };
        DrainRunnerBodyInput: {
            minutes: number;
        };
        CreateRunnerTokenBodyInput: {
            name: string;
            pools: string[];
            hours: number;
        };
        RegisterRunnerBodyInput: {
            token: string;
            name: string;
            publicKey: string;
            pools?: string[];
        };
        /** @enum {string} */
        StepState: "pending" | "queued" | "running" | "succeeded" | "failed" | "cancelled" | "skipped";
        /** @enum {string} */
        RunState: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        /** @enum {string} */
        IsolationLevel: "L0" | "L1" | "L2" | "L3";
        Sha256: string;
        /** @enum {string} */
        WarmLevel: "card" | "container";
        OutputArtifact: {
            key: string;
            type: string;
            declared: boolean;
            ref: string;
            sha256: components["schemas"]["Sha256"];
            bytes: number;
        };
        StepError: {
            /** @enum {string} */
            kind: "card" | "contract" | "timeout" | "memory" | "environment" | "infrastructure";
            message: string;
            type?: string;
            file?: string;
            line?: number;
            traceback?: string;
        };
        /** @enum {string} */
        EnvironmentState: "requested" | "resolving" | "building" | "ready" | "failed";
        ProjectEnvironment: {
            setId: components["schemas"]["Sha256"];
            requirements: string[];
            state: components["schemas"]["EnvironmentState"];
            message: string;
            fraction?: number;
            packages?: number;
            bytes?: number;
            temporary?: boolean;
            details?: string;
        };
        MetricSeries: {
            name: string;
            points: number;
            steps: number[];
            values: (number | null)[];
        };
        MetricView: {
            series: components["schemas"]["MetricSeries"][];
            total: number;
            dropped: number;
            notFinite: number;
            complete: boolean;
        };
        /** @enum {string} */
        ProjectRole: "owner" | "editor" | "viewer";
        /** @enum {string} */
        Mender: "you" | "the owner of the project" | "the administrator" | "nobody: try again";
        ApiErrorBody: {
            code: string;
            message: string;
            mender: components["schemas"]["Mender"];
            problems?: {
                code: string;
                message: string;
                nodeId?: string;
                field?: string;
                port?: string;
            }[];
        };
        SessionInfo: {
            user: {
                id: string;
                name: string;
                isOwner: boolean;
            } | null;
            instance: {
                version: string;
                /** @enum {string} */
                database: "pglite" | "postgres";
                isolation: components["schemas"]["IsolationLevel"] | null;
            };
        };
        OwnerLink: {
            url: string;
        };
        JoinInfo: {
            /** @enum {string} */
            kind: "owner" | "invitation";
            projectName?: string;
            role?: components["schemas"]["ProjectRole"];
            needsName: boolean;
        };
        JoinResult: {
            userId: string;
            projectId: string | null;
        };
        Project: {
            id: string;
            name: string;
            role: components["schemas"]["ProjectRole"];
            createdAt: number;
        };
        Member: {
            userId: string;
            name: string;
            role: components["schemas"]["ProjectRole"];
        };
        Invitation: {
            url: string;
            role: components["schemas"]["ProjectRole"];
            expiresAt: number;
        };
        Pipeline: {
            id: string;
            projectId: string;
            name: string;
            createdAt: number;
        };
        CardSource: {
            path: string;
            source: string;
        };
        CodeHit: {
            cardId: string;
            line: number;
            text: string;
        };
        ImportResult: {
            projectId: string;
            pipelineId: string;
            notes: string[];
        };
        ProjectFile: {
            sha256: components["schemas"]["Sha256"];
            name: string;
            bytes: number;
        };
        RunScope: {
            /** @enum {string} */
            kind: "to" | "from" | "only";
            nodeIds: string[];
        };
        RunSummary: {
            id: string;
            number: number;
            projectId: string;
            pipelineId: string;
            state: components["schemas"]["RunState"];
            starter: {
                userId: string;
                name: string;
            };
            isolation: components["schemas"]["IsolationLevel"] | null;
            createdAt: number;
            startedAt: number | null;
            finishedAt: number | null;
            scope: components["schemas"]["RunScope"] | null;
            resumes: {
                runId: string;
                number: number;
            } | null;
        };
        StepDetail: {
            nodeId: string;
            title: string;
            cardType: string;
            state: components["schemas"]["StepState"];
            attempt: number;
            cached: boolean;
            pinnedFrom: {
                runId: string;
                number: number;
            } | null;
            takenFrom: {
                runId: string;
                number: number;
            } | null;
            why: string | null;
            lineage: string;
            reason: string | null;
            error: components["schemas"]["StepError"] | null;
            outputs: components["schemas"]["OutputArtifact"][];
            outputViewType: string;
            preview: components["schemas"]["JsonValue"] | null;
            previewError: string | null;
            logBytes: number;
            warm: components["schemas"]["WarmLevel"] | null;
            startedAt: number | null;
            finishedAt: number | null;
            durationMs: number | null;
        };
        RunForecast: {
            problems: {
                code: string;
                message: string;
                nodeId?: string;
                field?: string;
                port?: string;
            }[];
            sentence: string;
            steps: {
                nodeId: string;
                title: string;
                /** @enum {string} */
                outcome: "taken" | "runs" | "open";
                why: string;
                lastDurationMs: number | null;
            }[];
        };
        RunDetail: {
            id: string;
            number: number;
            projectId: string;
            pipelineId: string;
            state: components["schemas"]["RunState"];
            starter: {
                userId: string;
                name: string;
            };
            isolation: components["schemas"]["IsolationLevel"] | null;
            createdAt: number;
            startedAt: number | null;
            finishedAt: number | null;
            scope: components["schemas"]["RunScope"] | null;
            resumes: {
                runId: string;
                number: number;
            } | null;
            steps: {
                nodeId: string;
                title: string;
                cardType: string;
                state: components["schemas"]["StepState"];
                attempt: number;
                cached: boolean;
                pinnedFrom: {
                    runId: string;
                    number: number;
                } | null;
                takenFrom: {
                    runId: string;
                    number: number;
                } | null;
                why: string | null;
                lineage: string;
                reason: string | null;
                error: components["schemas"]["StepError"] | null;
                outputs: components["schemas"]["OutputArtifact"][];
                outputViewType: string;
                previewError: string | null;
                logBytes: number;
                warm: components["schemas"]["WarmLevel"] | null;
                startedAt: number | null;
                finishedAt: number | null;
                durationMs: number | null;
            }[];
        };
        StepAttempt: {
            number: number;
            /** @enum {string} */
            state: "assigned" | "running" | "succeeded" | "failed" | "cancelled" | "lost";
            startedAt: number | null;
            finishedAt: number | null;
            logBytes: number;
            metricPoints: number;
        };
        LogRange: {
            text: string;
            nextOffset: number;
            size: number;
            truncated: boolean;
            complete: boolean;
        };
        CardTemplate: {
            /** @enum {string} */
            name: "data_source" | "transform" | "model" | "evaluation" | "image" | "llm_prompt";
            title: string;
            description: string;
            category: string;
        };
        CardFileInfo: {
            cardId: string;
            path: string;
            cardType: string | null;
        };
        CardFilesResult: {
            files: components["schemas"]["CardFileInfo"][];
            notes: string[];
        };
        PipelineUse: {
            pipelineId: string;
            name: string;
            count: number;
            nodes: {
                nodeId: string;
                title: string;
            }[];
        };
        CardUses: {
            cardType: string | null;
            pipelines: components["schemas"]["PipelineUse"][];
            former: {
                cardType: string;
                pipelines: components["schemas"]["PipelineUse"][];
            }[];
        };
        MoveNodesResult: {
            nodes: number;
            pipelines: number;
        };
        DrawnGraph: {
            title: string;
            nodes: {
                id: string;
                card: string;
                title: string;
                position: {
                    x: number;
                    y: number;
                };
                size?: {
                    width: number;
                    height: number;
                };
                config: {
                    [key: string]: components["schemas"]["JsonValue"];
                };
                /** @constant */
                bypassed?: true;
                pin?: {
                    runId: string;
                };
                cache?: {
                    /** @constant */
                    off: true;
                } | {
                    seconds?: number;
                    salt?: string;
                };
            }[];
            edges: {
                source: string;
                sourcePort: string;
                target: string;
                targetPort: string;
            }[];
            notes: {
                id: string;
                position: {
                    x: number;
                    y: number;
                };
                size: {
                    width: number;
                    height: number;
                };
                color: string;
                text: string;
            }[];
            frames: {
                id: string;
                position: {
                    x: number;
                    y: number;
                };
                size: {
                    width: number;
                    height: number;
                };
                color: string;
                title: string;
            }[];
        };
        RunVersionDetail: {
            run: components["schemas"]["RunSummary"];
            graph: components["schemas"]["DrawnGraph"];
            cards: {
                [key: string]: {
                    path: string;
                    sourceHash: components["schemas"]["Sha256"];
                    manifest?: components["schemas"]["JsonValue"];
                };
            };
        };
        LineageStep: {
            runId: string;
            runNumber: number;
            pipelineId: string;
            nodeId: string;
            title: string;
            cardType: string;
            state: components["schemas"]["StepState"];
            cached: boolean;
            starter: string;
            finishedAt: number | null;
        };
        StepLineage: {
            step: components["schemas"]["LineageStep"];
            madeIn: components["schemas"]["LineageStep"] | null;
            card: {
                path: string;
                sourceHash: components["schemas"]["Sha256"];
            } | null;
            config: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            files: {
                field: string;
                name: string;
                sha256: components["schemas"]["Sha256"];
            }[];
            inputs: {
                port: string;
                from: components["schemas"]["LineageStep"];
                artifact: {
                    key: string;
                    type: string;
                    sha256: components["schemas"]["Sha256"];
                    bytes: number;
                } | null;
            }[];
            outputs: {
                key: string;
                type: string;
                sha256: components["schemas"]["Sha256"];
                bytes: number;
                uses: {
                    port: string;
                    by: components["schemas"]["LineageStep"];
                }[];
                moreUses: boolean;
            }[];
        };
        ArtifactLineage: {
            made: components["schemas"]["LineageStep"][];
            reused: components["schemas"]["LineageStep"][];
            more: boolean;
        };
        TemplateThumbnail: {
            width: number;
            height: number;
            nodes: {
                x: number;
                y: number;
                width: number;
                height: number;
            }[];
            edges: {
                x1: number;
                y1: number;
                x2: number;
                y2: number;
            }[];
        };
        Template: {
            name: string;
            title: string;
            description: string;
            cards: number;
            thumbnail: components["schemas"]["TemplateThumbnail"];
        };
        ImportFinding: {
            /** @enum {string} */
            kind: "mapped" | "guessed" | "not-understood";
            code: string;
            message: string;
            nodeId?: string;
            field?: string;
            path?: string;
        };
        ProjectImport: {
            projectId: string;
            projectName: string;
            pipelines: {
                pipelineId: string;
                name: string;
            }[];
            findings: components["schemas"]["ImportFinding"][];
            counts: {
                mapped: number;
                guessed: number;
                "not-understood": number;
            };
        };
        ExportPreview: {
            dataFiles: number;
            dataBytes: number;
            canIncludeData: boolean;
        };
        FolderFile: {
            path: string;
            text: string;
        };
        FolderState: {
            state: components["schemas"]["Sha256"];
            name: string;
            files: components["schemas"]["FolderFile"][];
        };
        FolderNews: {
            state: components["schemas"]["Sha256"];
        };
        FolderOutcome: {
            path: string;
            /** @enum {string} */
            outcome: "applied" | "merged" | "conflict" | "refused";
            message?: string;
        };
        FolderOutcomes: {
            outcomes: components["schemas"]["FolderOutcome"][];
        };
        TrialSummary: {
            id: string;
            number: number;
            projectId: string;
            pipelineId: string;
            state: components["schemas"]["RunState"];
            starter: {
                userId: string;
                name: string;
            };
            isolation: components["schemas"]["IsolationLevel"] | null;
            createdAt: number;
            startedAt: number | null;
            finishedAt: number | null;
            scope: components["schemas"]["RunScope"] | null;
            resumes: {
                runId: string;
                number: number;
            } | null;
            cardId: string;
            nodeId: string;
        };
        TrialChoice: {
            runId: string;
            nodeId: string;
            key: string;
            runNumber: number;
            pipelineName: string | null;
            title: string;
            type: string;
            bytes: number;
            createdAt: number;
        };
        TrialSetup: {
            inputs: {
                name: string;
                type: string;
                chosen: components["schemas"]["TrialChoice"] | null;
                choices: components["schemas"]["TrialChoice"][];
            }[];
            nodeId: string;
            config: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** @enum {string} */
            configFrom: "node" | "run" | "trial" | "defaults";
            configTitle: string;
        };
        TableCell: null | boolean | number | string | {
            $number: string;
        };
        /** @enum {string} */
        ColumnKind: "number" | "text" | "boolean" | "time" | "nested";
        TableColumn: {
            name: string;
            type: string;
            kind: components["schemas"]["ColumnKind"];
        };
        OutputColumns: {
            nodeId: string;
            port: string;
            lineage: string;
            columns: components["schemas"]["TableColumn"][];
        };
        /** @enum {string} */
        FileFormat: "csv" | "tsv" | "json" | "jsonl" | "parquet" | "xlsx" | "other";
        FileProfile: {
            format: components["schemas"]["FileFormat"];
            table: {
                rows: number;
                columns: components["schemas"]["TableColumn"][];
            } | null;
            note: string | null;
        };
        ProjectFileDetail: {
            id: string;
            sha256: components["schemas"]["Sha256"];
            name: string;
            bytes: number;
            profile: components["schemas"]["FileProfile"] | null;
            createdAt: number;
        };
        Upload: {
            id: string;
            name: string;
            bytes: number;
            offset: number;
        };
        TableWindow: {
            columns: components["schemas"]["TableColumn"][];
            rows: components["schemas"]["TableCell"][][];
            offset: number;
            total: number;
            totalUnfiltered: number;
        };
        ColumnHistogram: {
            /** @constant */
            kind: "bins";
            bins: {
                from: components["schemas"]["TableCell"];
                to: components["schemas"]["TableCell"];
                count: number;
            }[];
        } | {
            /** @constant */
            kind: "values";
            values: {
                value: components["schemas"]["TableCell"];
                count: number;
            }[];
            others: number;
        };
        ColumnStatistics: {
            name: string;
            type: string;
            kind: components["schemas"]["ColumnKind"];
            nulls: number;
            nans: number;
            distinct: number;
            min: components["schemas"]["TableCell"];
            max: components["schemas"]["TableCell"];
            mean: components["schemas"]["TableCell"];
            standardDeviation: components["schemas"]["TableCell"];
            quantiles: {
                q25: components["schemas"]["TableCell"];
                q50: components["schemas"]["TableCell"];
                q75: components["schemas"]["TableCell"];
            } | null;
            histogram: components["schemas"]["ColumnHistogram"] | null;
        };
        ColumnStatisticsAnswer: {
            rows: number;
            columns: components["schemas"]["ColumnStatistics"][];
        };
        RunnerTask: {
            runId: string;
            nodeId: string;
            title: string;
            projectId: string;
            since: number;
        };
        RunnerInfo: {
            id: string;
            name: string;
            /** @enum {string} */
            state: "online" | "draining" | "offline";
            cordoned: boolean;
            emptyAt: number | null;
            registered: boolean;
            lastSeen: number | null;
            version: string | null;
            startedAt: number | null;
            pools: string[];
            engines: {
                engine: string;
                isolation: components["schemas"]["IsolationLevel"];
            }[];
            slots: number;
            cpus: number;
            memoryBytes: number;
            gpus: number;
            load: {
                cpu: number;
                memoryBytes: number;
            } | null;
            tasks: components["schemas"]["RunnerTask"][];
        };
        PoolInfo: {
            pool: string;
            runners: number;
            slots: number;
            busy: number;
            cpus: number;
            memoryBytes: number;
            gpus: number;
        };
        RunnerTokenInfo: {
            id: string;
            name: string;
            pools: string[];
            createdAt: number;
            expiresAt: number;
            uses: number;
        };
        NewRunnerToken: {
            id: string;
            name: string;
            pools: string[];
            createdAt: number;
            expiresAt: number;
            uses: number;
            token: string;
        };
        RunnerRegistration: {
            runnerId: string;
            secret: string;
            pools: string[];
            busPrefix: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getErrors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        status: number;
                        meaning: string;
                        mender: components["schemas"]["Mender"];
                    }[];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ready: boolean;
                        database: boolean;
                        bus: boolean;
                        runners: number;
                    };
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ready: boolean;
                        database: boolean;
                        bus: boolean;
                        runners: number;
                    };
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionInfo"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postSignOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postOwnerLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnerLink"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdMembers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdInvitations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getJoinByToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinInfo"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postJoinByToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JoinBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinResult"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdPipelines: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdPipelines: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getPipelinesByPipelineId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    patchPipelinesByPipelineId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pipeline"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getCardsByCardIdSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cardId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardSource"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdCardsSearch: {
        parameters: {
            query: {
                text: string;
            };
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeHit"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdCardsSources: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardSource"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getCardTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardTemplate"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdCards: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCardBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardFilesResult"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    patchProjectsByProjectIdCardsByCardId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                cardId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveCardBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardFilesResult"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdCardsMoveFolder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveFolderBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardFilesResult"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdCardsTrash: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardIdsBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardFilesResult"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdCardsRestore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardIdsBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardFilesResult"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdCardsByCardIdUses: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                cardId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardUses"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdCardsByCardIdMoveNodes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                cardId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveNodesBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoveNodesResult"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdFiles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectFileDetail"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdFiles: {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": Blob | ReadableStream;
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectFile"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    deleteProjectsByProjectIdFilesByFileId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                fileId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    patchProjectsByProjectIdFilesByFileId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                fileId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenameFileBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectFileDetail"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdUploads: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUploadBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdUploadsByUploadId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    putProjectsByProjectIdUploadsByUploadId: {
        parameters: {
            query: {
                offset: number;
            };
            header?: never;
            path: {
                projectId: string;
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": Blob | ReadableStream;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    deleteProjectsByProjectIdUploadsByUploadId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdUploadsByUploadIdFinish: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                uploadId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FinishUploadBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectFileDetail"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdStepsByNodeIdTablesByKey: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                sort?: string;
                filters?: string;
            };
            header?: never;
            path: {
                id: string;
                nodeId: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableWindow"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdStepsByNodeIdTablesByKeyColumns: {
        parameters: {
            query?: {
                columns?: string;
                filters?: string;
            };
            header?: never;
            path: {
                id: string;
                nodeId: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ColumnStatisticsAnswer"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getPipelinesByIdColumns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutputColumns"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdFilesByFileIdTable: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                sort?: string;
                filters?: string;
            };
            header?: never;
            path: {
                projectId: string;
                fileId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableWindow"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdFilesByFileIdTableColumns: {
        parameters: {
            query?: {
                columns?: string;
                filters?: string;
            };
            header?: never;
            path: {
                projectId: string;
                fileId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ColumnStatisticsAnswer"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdFolder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FolderState"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdFolderNews: {
        parameters: {
            query: {
                state: string;
                waitMs?: number;
            };
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FolderNews"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdFolderChanges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FolderChangesBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FolderOutcomes"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getPipelinesByPipelineIdScript: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pipelineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/x-python": string;
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportPreview"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdExportZip: {
        parameters: {
            query?: {
                data?: "true" | "false";
            };
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": Blob | ReadableStream;
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdEnvironments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectEnvironment"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdEnvironmentsBySetIdRetry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                setId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectEnvironment"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdTemplatesByName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdCardsByCardIdTrials: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                cardId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialSummary"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdCardsByCardIdTrials: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                cardId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartTrialBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialSummary"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdCardsByCardIdWarmUp: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                cardId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdCardsByCardIdTrialSetup: {
        parameters: {
            query?: {
                pipelineId?: string;
                nodeId?: string;
            };
            header?: never;
            path: {
                projectId: string;
                cardId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialSetup"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdStepsByNodeIdLineage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                nodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepLineage"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getProjectsByProjectIdArtifactsBySha256Lineage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtifactLineage"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getPipelinesByIdRuns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunSummary"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postPipelinesByIdRuns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRunBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunSummary"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postPipelinesByIdForecast: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRunBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunForecast"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postPipelinesByIdCheck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRunBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        problems: {
                            code: string;
                            message: string;
                            nodeId?: string;
                            field?: string;
                            port?: string;
                        }[];
                    };
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunVersionDetail"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdCardsByCardTypeSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                cardType: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CardSource"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postRunsByIdResume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunSummary"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postRunsByIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunSummary"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postRunsByIdStepsByNodeIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                nodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunSummary"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdStepsByNodeId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                nodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepDetail"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdStepsByNodeIdArtifactsByKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                nodeId: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": Blob | ReadableStream;
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdStepsByNodeIdLog: {
        parameters: {
            query?: {
                offset?: number;
                attempt?: number;
            };
            header?: never;
            path: {
                id: string;
                nodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogRange"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdStepsByNodeIdLogFile: {
        parameters: {
            query?: {
                attempt?: number;
            };
            header?: never;
            path: {
                id: string;
                nodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": Blob | ReadableStream;
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdStepsByNodeIdAttempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                nodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepAttempt"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunsByIdStepsByNodeIdMetrics: {
        parameters: {
            query?: {
                points?: number;
                attempt?: number;
                from?: number;
                to?: number;
            };
            header?: never;
            path: {
                id: string;
                nodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricView"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getPools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolInfo"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunners: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunnerInfo"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postRunnersByRunnerIdCordon: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runnerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunnerInfo"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postRunnersByRunnerIdUncordon: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runnerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunnerInfo"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postRunnersByRunnerIdDrain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runnerId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DrainRunnerBodyInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunnerInfo"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    deleteRunnersByRunnerId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runnerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunnerTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunnerTokenInfo"][];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postRunnerTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRunnerTokenBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewRunnerToken"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    deleteRunnerTokensByTokenId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postRunnerRegistrations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRunnerBodyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunnerRegistration"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    getRunnerArtifactsBySha256: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": Blob | ReadableStream;
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    putRunnerArtifactsBySha256: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": Blob | ReadableStream;
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postImport: {
        parameters: {
            query?: {
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": Blob | ReadableStream;
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectImport"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
    postProjectsByProjectIdImportZip: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": Blob | ReadableStream;
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectImport"];
                };
            };
            /** @description An error of the catalogue */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiErrorBody"];
                };
            };
        };
    };
}
